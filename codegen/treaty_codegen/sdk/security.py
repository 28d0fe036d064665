"""Security schemes and requirements of a contract, as the runtime of an SDK takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.model.openapi.contract import children, member
from treaty_codegen.naming import python_name, unique
from treaty_codegen.sdk.plan import SchemePlan, SigningPlan

if TYPE_CHECKING:
    from treaty.documents.library import Node
    from treaty.documents.location import JsonValue
    from treaty.model.openapi.contract import OpenApiContract, Operation

__all__ = ["plan_schemes", "requirements"]

_ARGUMENTS = frozenset(
    {"base_url", "http_client", "max_retries", "on_deprecation", "retries", "self", "timeout", "clock", "user_agent"}
)
_FORMATS = {"hmac-sha256": "sha256={hex}", "ed25519": "ed25519={base64}"}


def plan_schemes(contract: OpenApiContract) -> list[SchemePlan]:
    """Every security scheme a client can serve."""
    found: list[SchemePlan] = []
    components = member(contract.root, "components")
    if not isinstance(components, dict):
        return found
    for wire, node in children(contract.root.child("components"), "securitySchemes"):
        scheme = _scheme(wire, contract.follow(node))
        if scheme is not None:
            scheme.argument = unique(python_name(wire, "credential", _ARGUMENTS), {each.argument for each in found})
            found.append(scheme)
    return found


def _scheme(wire: str, node: Node) -> SchemePlan | None:
    raw: dict[str, JsonValue] = node.value if isinstance(node.value, dict) else {}
    plan = SchemePlan(wire, wire, "", description=_text(raw.get("description")))
    signing = raw.get("x-treaty-signing")
    kind = raw.get("type")
    if isinstance(signing, dict):
        plan.kind, plan.signing = "signature", _signing(signing, _text(raw.get("name")))
    elif kind == "apiKey":
        plan.kind, plan.location, plan.name = "apiKey", _text(raw.get("in")) or "header", _text(raw.get("name"))
    elif kind == "http":
        scheme = _text(raw.get("scheme")).lower()
        if scheme not in ("basic", "bearer"):
            return None
        plan.kind = scheme
    elif kind == "mutualTLS":
        plan.kind = "mutualTLS"
    elif kind in ("oauth2", "openIdConnect"):
        flows = raw.get("flows")
        flow = flows.get("clientCredentials") if isinstance(flows, dict) else None
        plan.kind = "oauth2" if isinstance(flow, dict) else "bearer"
        plan.token_url = _text(flow.get("tokenUrl")) if isinstance(flow, dict) else ""
    else:
        return None
    return plan


def _signing(raw: dict[str, JsonValue], name: str) -> SigningPlan:
    """`x-treaty-signing`; algorithms that no runtime has are left out."""
    listed = raw.get("algorithms")
    algorithms = [each for each in listed if each in _FORMATS] if isinstance(listed, list) else ["hmac-sha256"]
    written = raw.get("signature_format")
    formats = {
        str(each): _text(written.get(str(each)))
        if isinstance(written, dict) and str(each) in written
        else _FORMATS[str(each)]
        for each in algorithms
    }
    tolerance = raw.get("tolerance_seconds")
    return SigningPlan(
        header=_text(raw.get("header")) or name or "X-Signature",
        timestamp_header=_text(raw.get("timestamp")) or None,
        content=_text(raw.get("signed_content")) or "{timestamp}.{body}",
        formats=formats,
        tolerance=tolerance if isinstance(tolerance, int) else 300,
    )


def requirements(contract: OpenApiContract, operation: Operation, schemes: list[SchemePlan]) -> list[list[str]]:
    """The alternatives of `security`, each the schemes it needs.

    Where one of them asks for nothing, or for a scheme no client can serve, the last alternative is to send none.
    """
    listed = member(operation.node, "security")
    if listed is None:
        listed = member(contract.root, "security")
    alternatives = [list(each) for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    known = {scheme.wire for scheme in schemes}
    served = [names for names in alternatives if names and known.issuperset(names)]
    return [*served, []] if served and len(served) < len(alternatives) else served


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""
