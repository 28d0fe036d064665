"""Who reads what: the part of Avro's schema resolution that decides which type and which field belong together.

Avro 1.12, "Schema Resolution" and "Aliases". Nothing here looks inside the types it puts together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from treaty.model.avro.types import Fixed, Kind, Named, Primitive, Record, branches_of

if TYPE_CHECKING:
    from treaty.model.avro.types import AvroType, Field

__all__ = ["LOSSY", "PROMOTIONS", "Branches", "Fields", "match_fields", "promotable", "select"]

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


class Branches:
    """The branches of a reader's type, one for a type that is no union, ready to be asked by any number of writers."""

    __slots__ = ("_aliases", "_kinds", "_names", "_shorts", "branches")

    def __init__(self, reader: AvroType) -> None:
        self.branches = branches_of(reader)
        self._kinds: dict[Kind, AvroType] = {}
        self._names: dict[tuple[Kind, str], Named] = {}
        self._aliases: dict[tuple[Kind, str], list[Named]] = {}
        self._shorts: dict[tuple[Kind, str], list[Named]] = {}
        for branch in self.branches:
            if isinstance(branch, Named):
                self._names[branch.kind, branch.name] = branch
                self._shorts.setdefault((branch.kind, branch.short), []).append(branch)
                for alias in branch.aliases:
                    self._aliases.setdefault((branch.kind, alias), []).append(branch)
            else:
                self._kinds[branch.kind] = branch

    def select(self, writer: AvroType) -> AvroType | None:
        """The branch that a value of the non-union type ``writer`` is resolved into, None when there is none.

        The branch that is the same type comes first: of the same kind, for a named type of the same full name, its own
        or an alias. Otherwise it is the first that matches: by unqualified name, or by promotion. A fixed of another
        size never matches.
        """
        if isinstance(writer, Named):
            same = self._names.get((writer.kind, writer.name))
            if same is not None:
                return same if _fits(writer, same) else None
            aliased = self._aliases.get((writer.kind, writer.name), ())
            alike = self._shorts.get((writer.kind, writer.short), ())
            return next((branch for branch in (*aliased, *alike) if _fits(writer, branch)), None)
        known = self._kinds.get(writer.kind)
        if known is not None or not isinstance(writer, Primitive):
            return known
        return next((branch for branch in self.branches if promotable(writer, branch)), None)


def select(writer: AvroType, reader: AvroType) -> AvroType | None:
    """As :meth:`Branches.select`, for one question about one reader."""
    if isinstance(reader, Primitive):
        return reader if reader.kind is writer.kind or promotable(writer, reader) else None
    return Branches(reader).select(writer)


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
