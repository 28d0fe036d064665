"""The rules that need code, by the name the rule sets call them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.govern.lint.checks import (
    avro,
    examples,
    house,
    lifecycle,
    money,
    naming,
    openapi,
    protobuf,
    schemas,
    validity,
)
from treaty.govern.lint.checks import events as events_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.govern.lint.rule import Check

CHECKS: Mapping[str, Check] = {
    "openapi-valid": validity.openapi_valid,
    "operation-ids": openapi.operation_ids,
    "path-names": openapi.path_names,
    "path-parameters": openapi.path_parameters,
    "ambiguous-paths": openapi.ambiguous_paths,
    "success-responses": openapi.success_responses,
    "error-responses": openapi.error_responses,
    "tags": openapi.tags,
    "security-schemes": openapi.security_schemes,
    "scopes": openapi.scopes,
    "security-present": openapi.security_present,
    "unused-components": openapi.unused_components,
    "hidden-siblings": openapi.hidden_siblings,
    "nullable": openapi.nullable,
    "examples": examples.examples,
    "defaults": examples.defaults,
    "enum-values": examples.enum_values,
    "required-properties": schemas.required_properties,
    "patterns": schemas.patterns,
    "text-limits": schemas.text_limits,
    "list-limits": schemas.list_limits,
    "lifecycle": lifecycle.lifecycle,
    "common-headers": house.common_headers,
    "error-model": house.error_model,
    "lists": house.lists,
    "page-numbers": house.page_numbers,
    "scoped": house.scoped,
    "signed-writes": house.signed_writes,
    "signed-webhooks": house.signed_webhooks,
    "bodies-with-examples": house.bodies_with_examples,
    "binary-deliveries": house.binary_deliveries,
    "money-numbers": money.money_numbers,
    "money-currencies": money.money_currencies,
    "currency-codes": money.currency_codes,
    "language-tags": money.language_tags,
    "names": naming.names,
    "operation-names": naming.operation_names,
    "envelopes": events_.envelopes,
    "schema-versions": events_.schema_versions,
    "avro-defaults": avro.invalid_defaults,
    "avro-nullable": avro.nullable_without_default,
    "proto-enums": protobuf.enums,
    "proto-idempotency": protobuf.idempotency,
}
"""Name of a check to the function that is asked about a document."""
