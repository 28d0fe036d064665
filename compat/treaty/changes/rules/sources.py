"""Where the specifications of OpenAPI and JSON Schema say what the rules rest on."""

from __future__ import annotations


def _openapi(title: str, anchor: str | None = None) -> str:
    fragment = anchor or title.lower().replace(" ", "-")
    return f"OpenAPI 3.1.1, {title}: https://spec.openapis.org/oas/v3.1.1.html#{fragment}"


def _validation(section: str, what: str) -> str:
    place = f"https://json-schema.org/draft/2020-12/json-schema-validation#section-{section}"
    return f"JSON Schema 2020-12, Validation, section {section} ({what}): {place}"


def _core(section: str, what: str) -> str:
    place = f"https://json-schema.org/draft/2020-12/json-schema-core#section-{section}"
    return f"JSON Schema 2020-12, Core, section {section} ({what}): {place}"


def _rfc(number: int, section: str, what: str) -> str:
    place = f"https://www.rfc-editor.org/rfc/rfc{number}#section-{section}"
    return f"RFC {number}, section {section} ({what}): {place}"


OPERATION = _openapi("Operation Object")
PATHS = _openapi("Paths Object")
SERVER = _openapi("Server Object")
EXTENSIONS = _openapi("Specification Extensions")
PARAMETER = _openapi("Parameter Object")
STYLES = _openapi("Style Values")
REQUEST_BODY = _openapi("Request Body Object")
MEDIA_TYPE = _openapi("Media Type Object")
ENCODING = _openapi("Encoding Object")
RESPONSES = _openapi("Responses Object")
HEADER = _openapi("Header Object")
LINK = _openapi("Link Object")
SECURITY_REQUIREMENT = _openapi("Security Requirement Object")
SECURITY_SCHEME = _openapi("Security Scheme Object")
OAUTH_FLOWS = _openapi("OAuth Flows Object")
DISCRIMINATOR = _openapi("Discriminator Object")
SCHEMA_DATA_TYPES = _openapi("Data Types")
NULLABLE = "OpenAPI 3.0.4, Schema Object (`nullable`): https://spec.openapis.org/oas/v3.0.4.html#schema-object"

TYPE = _validation("6.1.1", "`type`")
ENUM = _validation("6.1.2", "`enum`; `const` follows in 6.1.3")
MULTIPLE_OF = _validation("6.2.1", "`multipleOf`")
MAXIMUM = _validation("6.2.2", "`maximum`; `exclusiveMaximum` follows in 6.2.3")
MINIMUM = _validation("6.2.4", "`minimum`; `exclusiveMinimum` follows in 6.2.5")
MAX_LENGTH = _validation("6.3.1", "`maxLength`, counted in Unicode characters")
MIN_LENGTH = _validation("6.3.2", "`minLength`, counted in Unicode characters")
PATTERN = _validation("6.3.3", "`pattern`, a regular expression of ECMA-262 that is not anchored")
MAX_ITEMS = _validation("6.4.1", "`maxItems`")
MIN_ITEMS = _validation("6.4.2", "`minItems`")
UNIQUE_ITEMS = _validation("6.4.3", "`uniqueItems`")
MAX_PROPERTIES = _validation("6.5.1", "`maxProperties`")
MIN_PROPERTIES = _validation("6.5.2", "`minProperties`")
REQUIRED = _validation("6.5.3", "`required`")
DEPENDENT_REQUIRED = _validation("6.5.4", "`dependentRequired`")
FORMAT = _validation("7.3", "defined formats")
CONTENT_ENCODING = _validation("8.3", "`contentEncoding`; `contentMediaType` follows in 8.4")
ANNOTATIONS = _validation("9.1", "`title` and `description`; `examples` follow in 9.5")
DEFAULT = _validation("9.2", "`default`")
READ_ONLY = _validation("9.4", "`readOnly` and `writeOnly`")

BOOLEAN_SCHEMAS = _core("4.3.2", "boolean schemas")
LOGIC = _core("10.2.1", "`allOf`, `anyOf`, `oneOf`, `not`")
ONE_OF = _core("10.2.1.3", "`oneOf`")
APPLICATORS = _core(
    "10", "applicators: `not`, `if`, `contains`, `dependentSchemas`, `patternProperties`, `propertyNames`"
)
PROPERTIES = _core("10.3.2.1", "`properties`")
ADDITIONAL_PROPERTIES = _core("10.3.2.3", "`additionalProperties`")

ACCEPT = _rfc(9110, "12.5.1", "`Accept`")
CONTENT_TYPE = _rfc(9110, "8.3", "`Content-Type`; 15.5.16 has 415 Unsupported Media Type")
STATUS_CODES = _rfc(9110, "15", "status codes, understood by their class")
GONE = _rfc(9110, "15.5.5", "404 Not Found; 405 and 410 follow")
FIELDS = _rfc(9110, "5.1", "fields; those a recipient does not know are ignored")
UNAUTHENTICATED = _rfc(9110, "15.5.2", "401 Unauthorized; 403 Forbidden follows")
SCOPES = _rfc(6749, "3.3", "access token scope")
GRANTS = _rfc(6749, "1.3", "authorization grants")
SUFFIXES = _rfc(6838, "4.2.8", "structured syntax suffixes")
RESERVED = _rfc(3986, "2.2", "reserved characters")
SUNSET = _rfc(8594, "3", "the `Sunset` header")

EXTENSIBLE_ENUM = "Zalando RESTful API Guidelines, rule 112 (`x-extensible-enum`): https://opensource.zalando.com/restful-api-guidelines/#112"
SEMVER_BREAKING = "Semantic Versioning 2.0.0, section 8: https://semver.org/#spec-item-8"
SEMVER_MINOR = "Semantic Versioning 2.0.0, section 7: https://semver.org/#spec-item-7"
