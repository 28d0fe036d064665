"""The source of the module that verifies and decodes deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty_codegen.layout import fitted
from treaty_codegen.models.emitting import TypeWriter, fitted_import, import_order
from treaty_codegen.quoting import docstring, literal
from treaty_codegen.sdk.scheme_source import KEYS, signing_source

if TYPE_CHECKING:
    from treaty_codegen.models.library import Types
    from treaty_codegen.sdk.plan import ApiPlan

__all__ = ["webhooks_module"]


def webhooks_module(plan: ApiPlan, types: Types, header: list[str]) -> str:
    """The module that verifies and decodes deliveries."""
    writer = TypeWriter(types, prefix="models.", plain=True)
    bodies = {each.topic: writer.text(types.of(each.type.id)) for each in plan.deliveries}
    union = " | ".join([*dict.fromkeys(bodies.values()), "UnknownVariant"])
    topics = ", ".join(f"{literal(topic)}: {type_}" for topic, type_ in bodies.items())
    signing = plan.delivery_signing
    keys = (
        [f"{KEYS[each].removesuffix('Key')}{'PublicKey' if each == 'ed25519' else 'Key'}" for each in signing.formats]
        if signing
        else []
    )
    lines = [
        *header,
        "",
        *docstring(f"Deliveries of {plan.title}: signatures checked, bodies decoded."),
        "",
        "from __future__ import annotations",
        "",
        "from collections.abc import Mapping",
        "from typing import Any, TypeAlias",
        "",
        "from . import models",
        "from ._runtime.models import UnknownVariant",
        "from ._runtime.retries import Clock",
        *(fitted_import("._runtime.signing", sorted([*keys, "SignatureScheme"], key=import_order)) if signing else []),
        "from ._runtime.webhooks import DeliveryInvalid, open_delivery",
        "from .errors import SignatureInvalid",
        "",
        '__all__ = ["TOPICS", "Delivery", "DeliveryInvalid", "SignatureInvalid", "receive"]',
        "",
        *fitted(f"Delivery: TypeAlias = ({union})"),
        '"""What a delivery may be; a topic that is newer than this code is an `UnknownVariant`."""',
        "",
        *fitted(f"TOPICS: Mapping[str, Any] = {{{topics}}}"),
        '"""The types of the bodies, by topic."""',
    ]
    if signing is not None:
        lines.extend(["", *fitted(f"_SIGNATURE = {signing_source(signing)}")])
    lines.extend(["", "", *_receive(plan, keys)])
    return "\n".join([*lines, ""])


def _receive(plan: ApiPlan, keys: list[str]) -> list[str]:
    signed, tagged = plan.delivery_signing is not None, plan.delivery_tag is not None
    parameters = ["body: bytes", "headers: Mapping[str, str]"]
    if not tagged:
        parameters.insert(0, "topic: str")
    if signed:
        parameters.append(f"key: {' | '.join(keys)}")
    parameters.extend(["*", "clock: Clock | None = None"])
    checked = "Check the signature of a delivery and decode it." if signed else "Decode a delivery."
    raised = (
        "Raises SignatureInvalid when it is not signed with ``key``, or too long ago, and " if signed else "Raises "
    )
    text = (
        f"{checked}\n\n``body`` are the bytes as received, before anything parsed them; ``headers`` those of the "
        f"request. {raised}DeliveryInvalid when the body is not what the contract says. Repeats are normal: drop those "
        "you have seen."
    )
    arguments = ["body", "headers", "key" if signed else "None", "_SIGNATURE" if signed else "None", "TOPICS"]
    arguments.append(f"tag={literal(plan.delivery_tag)}" if tagged else "topic=topic")
    return [
        *fitted(f"def receive({', '.join(parameters)}) -> Delivery:"),
        *docstring(text, 4),
        *fitted(f"delivery: Delivery = open_delivery({', '.join([*arguments, 'clock=clock'])})", 4),
        "    return delivery",
    ]
