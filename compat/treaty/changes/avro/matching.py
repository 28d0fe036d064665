"""Who reads what: the part of Avro's schema resolution that decides which type and which field belong together.

Avro 1.12, "Schema Resolution" and "Aliases". Nothing here looks inside the types it puts together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from treaty.model.avro.types import EnumType, Fixed, Kind, Primitive, Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treaty.model.avro.types import AvroType, Field

__all__ = ["LOSSY", "PROMOTIONS", "Fields", "match_fields", "promotable", "select"]

PROMOTIONS: frozenset[tuple[Kind, Kind]] = frozenset(
    {
        (Kind.INT, Kind.LONG),
        (Kind.INT, Kind.FLOAT),
        (Kind.INT, Kind.DOUBLE),
        (Kind.LONG, Kind.FLOAT),
        (Kind.LONG, Kind.DOUBLE),
        (Kind.FLOAT, Kind.DOUBLE),
        (Kind.STRING, Kind.BYTES),
        (Kind.BYTES, Kind.STRING),
    }
)
"""Writer's and reader's kind: the promotions of the specification."""

LOSSY: frozenset[tuple[Kind, Kind]] = frozenset(
    {(Kind.INT, Kind.FLOAT), (Kind.LONG, Kind.FLOAT), (Kind.LONG, Kind.DOUBLE)}
)
"""Those that round: a float has 24 bits for its digits, a double 53."""


def promotable(writer: AvroType, reader: AvroType) -> bool:
    """Whether the reader turns the writer's primitive into its own."""
    return (writer.kind, reader.kind) in PROMOTIONS


def select(writer: AvroType, branches: Sequence[AvroType]) -> AvroType | None:
    """The reader's branch that a value of the non-union type ``writer`` is resolved into, None when there is none.

    The branch that is the same type comes first: of the same kind, for a named type of the same full name, its own or
    an alias. Otherwise it is the first that matches: by unqualified name, or by promotion. A fixed of another size
    never matches. A reader that is no union is its own only branch.
    """
    if isinstance(writer, Record | EnumType | Fixed):
        return _named(writer, branches)
    for branch in branches:
        if branch.kind is writer.kind:
            return branch
    if isinstance(writer, Primitive):
        for branch in branches:
            if promotable(writer, branch):
                return branch
    return None


def _named(writer: Record | EnumType | Fixed, branches: Sequence[AvroType]) -> AvroType | None:
    same: list[Record | EnumType | Fixed] = [
        branch for branch in branches if isinstance(branch, Record | EnumType | Fixed) and branch.kind is writer.kind
    ]
    for branch in same:
        if branch.name == writer.name:
            return branch if _fits(writer, branch) else None
    for branch in same:
        if writer.name in branch.aliases and _fits(writer, branch):
            return branch
    for branch in same:
        if branch.short == writer.short and _fits(writer, branch):
            return branch
    return None


def _fits(writer: AvroType, reader: AvroType) -> bool:
    return not (isinstance(writer, Fixed) and isinstance(reader, Fixed)) or writer.size == reader.size


class Fields(NamedTuple):
    """How a reader's record takes the fields of a writer's.

    ``sources`` maps the reader's field names to the writer's fields. ``contested`` maps a reader's field name to the
    writer's field that one of its aliases names although another field of the reader has it, or although the field has
    one of its own name: implementations disagree about who gets which.
    """

    sources: dict[str, Field]
    contested: dict[str, Field]


def match_fields(writer: Record, reader: Record) -> Fields:
    """Match by name, and what is left by the reader's aliases, in the reader's order.

    Rewriting by aliases (Avro 1.12, "Aliases") would give a contested field to the alias, some implementations give it
    to the name; both agree on everything that is not contested.
    """
    written = {field.name: field for field in writer.fields}
    sources = {field.name: written[field.name] for field in reader.fields if field.name in written}
    taken = {field.name for field in sources.values()}
    contested: dict[str, Field] = {}
    for field in reader.fields:
        for alias in field.aliases:
            if alias not in written or alias == field.name:
                continue
            if field.name in sources or alias in taken:
                contested.setdefault(field.name, written[alias])
            else:
                sources[field.name] = written[alias]
                taken.add(alias)
    return Fields(sources, contested)
