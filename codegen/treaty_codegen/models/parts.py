"""The types of a large contract in several modules, so that a program imports only those it comes to use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty_codegen.models.emitting import (
    fitted_import,
    import_order,
    models_source,
    order_of_definition,
    referred_ids,
)
from treaty_codegen.models.expressions import ClassModel
from treaty_codegen.naming import unique
from treaty_codegen.quoting import docstring, literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from treaty_codegen.models.library import Types

__all__ = ["models_files", "users_of"]

_LARGE = 300
"""Classes that are imported in a tenth of a second: fewer stay in one module."""


def users_of(roots: Mapping[str, Iterable[str]], types: Types) -> dict[str, set[str]]:
    """Which resources come to use each definition: ``roots`` are the definitions a resource names itself."""
    found: dict[str, set[str]] = {}
    for resource, ids in roots.items():
        waiting, seen = list(ids), set[str]()
        while waiting:
            id_ = waiting.pop()
            if id_ in seen or id_ not in types.models:
                continue
            seen.add(id_)
            found.setdefault(id_, set()).add(resource)
            waiting.extend(referred_ids(id_, types))
    return found


def models_files(types: Types, title: str, header: list[str], users: Mapping[str, set[str]]) -> dict[str, str]:
    """The models as files: ``models.py``, or a package of that name that imports its parts when they are asked for.

    A part holds what only one resource uses (``users``, by definition), what several use, or what none does. References
    lead from the last to the first of these and never back, so no import is circular.
    """
    order = order_of_definition(types)
    if sum(isinstance(types.models[id_], ClassModel) for id_ in order) < _LARGE:
        return {
            "models.py": models_source(types, [*header, "", *docstring(f"The types of {title}.")], "._runtime.models")
        }
    resources = sorted({name for names in users.values() for name in names})
    common, unused = (f"_{unique(name, resources)}" for name in ("common", "other"))
    parts: dict[str, list[str]] = {}
    homes: dict[str, str] = {}
    for id_ in order:
        using = users.get(id_, set())
        part = unused if not using else common if len(using) > 1 else f"_{next(iter(using))}"
        parts.setdefault(part, []).append(id_)
        homes[types.name(id_) or ""] = part
    found = {"models/__init__.py": _index(title, header, homes)}
    for part, ids in sorted(parts.items()):
        whose = {common: "that several resources use", unused: "that no operation uses"}
        about = docstring(f"The types of {title} {whose.get(part, f'that only {part[1:]} uses')}.")
        own = {types.name(id_) for id_ in ids}
        others = {name: home for name, home in homes.items() if name not in own}
        found[f"models/{part}.py"] = models_source(types, [*header, "", *about], ".._runtime.models", ids, others)
    return found


def _index(title: str, header: list[str], homes: Mapping[str, str]) -> str:
    names = sorted(homes)
    grouped: dict[str, list[str]] = {}
    for name in names:
        grouped.setdefault(homes[name], []).append(name)
    imports = [
        line
        for home in sorted(grouped)
        for line in fitted_import(f".{home}", sorted(grouped[home], key=import_order), 4)
    ]
    about = f"The types of {title}, in modules by the resource that uses them; each is imported when it is asked for."
    return "\n".join(
        [
            *header,
            "",
            *docstring(about),
            "",
            "from __future__ import annotations",
            "",
            "from typing import TYPE_CHECKING, Any",
            "",
            "if TYPE_CHECKING:",
            *(f"    {line}" for line in imports),
            "",
            "__all__ = [",
            *(f"    {literal(name)}," for name in names),
            "]",
            "",
            "_HOMES = {",
            *(f"    {literal(name)}: {literal(homes[name])}," for name in names),
            "}",
            "",
            "",
            "def __getattr__(name: str) -> Any:",
            "    if name not in _HOMES:",
            '        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")',
            "    from importlib import import_module",
            "",
            '    found = getattr(import_module(f".{_HOMES[name]}", __name__), name)',
            "    globals()[name] = found",
            "    return found",
            "",
            "",
            "def __dir__() -> list[str]:",
            "    return __all__",
            "",
        ]
    )
