"""A package of models alone, from OpenAPI or JSON Schema."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from treaty.documents.formats import Family
from treaty.errors import UsageError
from treaty_codegen.models.definitions import Definitions
from treaty_codegen.models.emitting import models_source
from treaty_codegen.models.expressions import ClassModel
from treaty_codegen.models.library import build_types
from treaty_codegen.outcome import Element, Emitted
from treaty_codegen.quoting import docstring
from treaty_codegen.runtime_sources import NOTICE, runtime_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.documents.library import Library, Node
    from treaty_codegen.jobs import Job
    from treaty_codegen.models.library import Types

__all__ = ["emit_models"]


def emit_models(job: Job, library: Library, roots: list[Node], lock: Mapping[str, str]) -> Emitted:
    """The types of one OpenAPI document, or of JSON Schemas that belong together. Raises TreatyError."""
    family = roots[0].document.format.family
    if family is Family.OPENAPI and len(roots) == 1:
        from treaty_codegen.sdk.planning import plan_api

        plan, definitions = plan_api(library, roots[0], lock)
        if plan.unreadable:
            raise plan.unreadable[0]
    elif family is Family.JSON_SCHEMA:
        definitions = _of_schemas(library, roots)
    else:
        raise UsageError(
            f"{job.contract} is {family.value}, and models are made from OpenAPI and JSON Schema",
            advice="--target events is for AsyncAPI and Avro",
        )
    definitions.settle_references()
    types = build_types(definitions, {key: name for key, name in lock.items() if "." not in name})
    header = [f"# {NOTICE}"]
    about = docstring(f"The types of {job.shown}.")
    package = job.package
    names = sorted(name for id_ in types.models if (name := types.name(id_)) is not None)
    files = {
        f"{package}/__init__.py": _package(header, about, names),
        f"{package}/models.py": models_source(types, [*header, "", *about], "._runtime.models"),
        f"{package}/py.typed": "",
    }
    files |= {f"{package}/_runtime/{name}": text for name, text in runtime_files(("files", "models")).items()}
    return Emitted(files, types.names, _elements(types), types.notes, "types")


def _of_schemas(library: Library, roots: list[Node]) -> Definitions:
    from treaty.model.schema.dialects import DRAFT_2020_12, dialect_by_uri

    raw = roots[0].value
    dialect = dialect_by_uri(raw.get("$schema")) if isinstance(raw, dict) else None
    definitions = Definitions(library, roots[0], dialect or DRAFT_2020_12, single=False)
    for root in roots:
        definitions.component(_name(root), root)
    for root in roots:
        definitions.place(root, _name(root), "sent", "received")
    return definitions


def _name(root: Node) -> str:
    title = root.value.get("title") if isinstance(root.value, dict) else None
    if isinstance(title, str) and title.strip():
        return title
    stem = posixpath.basename(root.document.path)
    for ending in (".json", ".yaml", ".yml", ".schema"):
        stem = stem.removesuffix(ending)
    return stem


def _package(header: list[str], about: list[str], names: list[str]) -> str:
    imports = ["from .models import (", *(f"    {name}," for name in names), ")"] if names else []
    listed = ["__all__ = [", *(f'    "{name}",' for name in names), "]"]
    return "\n".join([*header, "", *about, "", *imports, "", *listed, ""])


def _elements(types: Types) -> list[Element]:
    return [
        Element(definition.key, definition.name + ("" if isinstance(types.models.get(id_), ClassModel) else " (alias)"))
        for id_, definition in types.definitions.items()
        if definition.name
    ]
