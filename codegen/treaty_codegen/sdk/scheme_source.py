"""Security schemes and signatures as the source of a client names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty_codegen.quoting import literal

if TYPE_CHECKING:
    from treaty_codegen.sdk.plan import SchemePlan, SigningPlan

__all__ = ["KEYS", "credential_types", "scheme_source", "signing_source"]

_CREDENTIALS = {
    "apiKey": ("ApiKey",),
    "basic": ("BasicCredentials",),
    "bearer": ("BearerToken",),
    "oauth2": ("ClientCredentials", "BearerToken"),
    "mutualTLS": ("ClientCertificate",),
}
KEYS = {"hmac-sha256": "HmacKey", "ed25519": "Ed25519Key"}


def credential_types(scheme: SchemePlan) -> tuple[str, ...]:
    """The runtime classes whose values a scheme takes."""
    if scheme.signing is not None:
        return tuple(KEYS[algorithm] for algorithm in scheme.signing.formats)
    return _CREDENTIALS[scheme.kind]


def signing_source(plan: SigningPlan) -> str:
    """The expression for how bodies are signed."""
    arguments = [literal(plan.header), literal(plan.formats)]
    if plan.content != "{timestamp}.{body}":
        arguments.append(f"content={literal(plan.content)}")
    if plan.timestamp_header is not None:
        arguments.append(f"timestamp_header={literal(plan.timestamp_header)}")
    if plan.tolerance != 300:
        arguments.append(f"tolerance={plan.tolerance}")
    return f"SignatureScheme({', '.join(arguments)})"


def scheme_source(plan: SchemePlan) -> str:
    """The expression for one security scheme."""
    arguments = [literal(plan.kind)]
    if plan.kind == "apiKey":
        arguments.extend([f"location={literal(plan.location)}", f"name={literal(plan.name)}"])
    if plan.token_url:
        arguments.append(f"token_url={literal(plan.token_url)}")
    if plan.signing is not None:
        arguments.append(f"signature={signing_source(plan.signing)}")
    return f"Scheme({', '.join(arguments)})"
