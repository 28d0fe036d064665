"""Avro schemas in files: a type used by name is a reference to the file that defines it."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from treaty.model.avro.types import Named, children_of
from treaty_registry.publishing.units import Unit, Units, Use, written

if TYPE_CHECKING:
    from treaty.documents.node import Node
    from treaty.model.avro.types import AvroType

_NAMED = get_args(Named)


def avro_unit(units: Units, node: Node) -> Unit:
    """The schema at ``node``. Raises InvalidContract and UnresolvedReference at their place."""
    schema = units.avro.read(node)
    uses: dict[str, str] = {}
    waiting: list[AvroType] = [schema.root]
    seen: set[int] = set()
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, _NAMED) and part.place.document is not schema.document:
            uses[part.name] = part.place.document.path
        else:
            waiting.extend(children_of(part))
    root, text = schema.root, written(node)
    return Unit(
        place=(node.document.path, node.pointer),
        location=node.location,
        type="AVRO",
        text=text,
        uses=tuple(Use(name, units.file(path)) for name, path in sorted(uses.items())),
        fallback=root.name if isinstance(root, _NAMED) else node.document.path,
        as_written=text == node.document.text.decode(),
    )
