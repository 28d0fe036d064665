"""The source of the module of errors: those of the runtime, and a class for each code of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty_codegen.layout import fitted
from treaty_codegen.models.emitting import fitted_import, import_order
from treaty_codegen.naming import class_name
from treaty_codegen.quoting import docstring, hanging, literal

if TYPE_CHECKING:
    from treaty_codegen.sdk.plan import ApiPlan

__all__ = ["error_classes", "errors_module"]

_STATUS_CLASSES = (
    "AnswerInvalid", "ApiError", "BadRequest", "Conflict", "ConnectionFailed", "DeadlineExceeded", "Forbidden", "Gone",
    "NotFound", "NotSent", "PreconditionFailed", "ServerError", "SignatureInvalid", "StatusError", "TooManyRequests",
    "Unauthorized", "Unprocessable",
)  # fmt: skip


def error_classes(plan: ApiPlan) -> dict[str, str]:
    """Code to the name of its class; one that is called like the class of a status is that class."""
    found: dict[str, str] = {}
    for code in plan.error_codes:
        name = class_name(code.lower(), "Code")
        while name in found.values() or name in ("CODES", "Exception", "ApiError", "StatusError"):
            name += "Code"
        found[code] = name
    return found


def errors_module(plan: ApiPlan, header: list[str]) -> str:
    """The module of errors: those of the runtime, and one class per code of the contract."""
    codes = error_classes(plan)
    own = [name for name in codes.values() if name not in _STATUS_CLASSES]
    exported = sorted([*_STATUS_CLASSES, *own, "CODES"], key=import_order)
    about = (
        "What the clients raise. Every refusal is an error of the class of its status, such as :class:`Conflict`, and "
        "of the class of its code where it has one: catch whichever says what you mean."
    )
    lines = [
        *header,
        "",
        *docstring("\n\n".join([about, *_meanings(plan)])),
        "",
        "from __future__ import annotations",
        "",
        "from collections.abc import Mapping",
        "",
        *fitted_import("._runtime.errors", _STATUS_CLASSES),
        "",
        "__all__ = [",
        *(f'    "{name}",' for name in exported),
        "]",
    ]
    for code, name in codes.items():
        if name in own:
            lines.extend(["", "", f"class {name}(StatusError):", *docstring(f"The answer has the code {code}.", 4)])
    pairs = ", ".join(f"{literal(code)}: {name}" for code, name in codes.items())
    lines.extend(["", "", *fitted(f"CODES: Mapping[str, type[StatusError]] = {{{pairs}}}")])
    return "\n".join([*lines, ""])


def _meanings(plan: ApiPlan) -> list[str]:
    if not plan.refusals:
        return []
    lines = [f"    {kind}: {' '.join(texts)}" for kind, texts in plan.refusals.items()]
    return ["\n".join(["What they mean here, unless a method says otherwise:", "", *hanging(lines)])]
