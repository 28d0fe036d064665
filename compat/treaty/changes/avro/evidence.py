"""The witness of a finding: the smallest message that shows it, written by one side and tried by the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from treaty.changes.avro.data import Chosen, Datum, Smallest, around, plain
from treaty.changes.avro.decoding import decode, promoted
from treaty.changes.avro.findings import path_of
from treaty.changes.avro.meaning import meaning
from treaty.changes.avro.walk import Way, trail
from treaty.changes.change import Witness
from treaty.model.avro.types import EnumType, Union
from treaty.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from treaty.changes.avro.findings import Finding, Raw, Target
    from treaty.changes.avro.independent import Exchange
    from treaty.changes.avro.walk import Slot
    from treaty.model.avro.types import AvroType, Schema

__all__ = ["OWN", "Evidence"]

OWN = "treaty's Avro decoder"
"""The judge where no other implementation confirms what the specification says."""

_BUDGET = 200_000
"""Values that all witnesses of one comparison may have together; the findings after that go without."""


class _Message(NamedTuple):
    """A datum of the writing side's type at ``slot``; the whole message where that is the root."""

    slot: Slot
    datum: Datum
    values: float
    path: str
    """Where in the datum the finding is, by the reader's names."""


class Evidence:
    """Makes and tries witnesses for one pair of schemas."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._schemas = {Role.READS: (old, new), Role.WRITES: (new, old)}
        self._smallest = {Role.READS: Smallest(), Role.WRITES: Smallest()}
        self._exchanges: dict[tuple[Slot, Role], Exchange | None] = {}
        self._left: float = _BUDGET
        self._last: tuple[Slot, Role, bytes] | None = None
        self._refusals: dict[str, str] = {}

    def witness(self, cause: Sequence[Finding], roles: Role) -> Witness | None:
        """A datum that shows one of the findings of ``cause`` in one of the directions ``roles``.

        It is a whole message where that is small enough to be read, otherwise the part around the finding, as when the
        type is without end. None where there is nothing to show: the cause is about a schema and not about data.
        """
        for direction in (Role.READS, Role.WRITES):
            for finding in cause if direction in roles else ():
                found = None
                if finding.target is not None and direction in finding.fails:
                    found = self._refused(finding.target, direction, finding.target.refused)
                elif finding.target is not None and direction in finding.alters:
                    found = self._altered(finding.target, direction)
                if found is not None:
                    return found
        return None

    def _refused(self, target: Target, direction: Role, sample: Raw) -> Witness | None:
        """A datum that the specification's reader refuses at the very place of the finding.

        fastavro confirms where it refuses too, and where that place is the first it comes to: a reader says no more
        than its first reason. So where other places fail before, the part around this one is tried alone.
        """
        from treaty.changes.avro.independent import NAME

        shown: Witness | None = None
        for message in self._messages(target, direction, sample):
            exchange = self._exchange(message.slot, direction)
            wire = exchange.encode(message.datum) if exchange is not None else None
            if exchange is None or wire is None:
                continue
            refusals = self._refused_at(message.slot, direction, wire)
            reason = refusals.get(message.path)
            if reason is None:
                continue
            if next(iter(refusals)) == message.path:
                return self._shown(message, wire, direction, reason, NAME if exchange.refuses(wire) else OWN)
            shown = shown or self._shown(message, wire, direction, reason, OWN)
        return shown

    def _refused_at(self, slot: Slot, direction: Role, wire: bytes) -> dict[str, str]:
        """Where the specification's reader refuses ``wire``, in the order it comes there, and why.

        All the fields that came to one record are missed in one message, so the last answer is kept.
        """
        if self._last != (slot, direction, wire):
            self._last, self._refusals = (slot, direction, wire), {}
            for refusal in decode(wire, *_sides(slot, direction)).refusals:
                self._refusals.setdefault(refusal.path, refusal.why)
        return self._refusals

    def _altered(self, target: Target, direction: Role) -> Witness | None:
        """A value that is read, but as another one; or the one value of many that is refused."""
        writer, reader = (target.old, target.new) if direction is Role.READS else (target.new, target.old)
        try:
            read = promoted(_known(target.altered, reader), reader)
        except UnicodeDecodeError:
            return self._refused(target, direction, target.altered)
        meant, understood = meaning(target.altered, writer), meaning(read, reader)
        if meant == understood or (read == target.altered and writer.logical == reader.logical):
            return None
        message = next(self._messages(target, direction, target.altered), None)
        exchange = self._exchange(message.slot, direction) if message is not None else None
        wire = exchange.encode(message.datum) if message is not None and exchange is not None else None
        if message is None or wire is None:
            return None
        return self._shown(message, wire, direction, f"{meant} is read as {understood}", OWN)

    def _shown(self, message: _Message, wire: bytes, direction: Role, reason: str, judge: str) -> Witness:
        reads = direction is Role.READS
        at = path_of(message.slot)
        return Witness(
            value=plain(message.datum, _sides(message.slot, direction)[0]),
            accepted_by="base" if reads else "revision",
            refused_by="revision" if reads else "base",
            reason=f"{at}{message.path[1:]}: {reason}",
            confirmed_by=judge,
            wire=wire.hex(),
            at=at,
        )

    def _messages(self, target: Target, direction: Role, sample: Raw) -> Iterator[_Message]:
        """The largest message to show with ``sample``, or the smallest value, at the target; then the smallest one."""
        smallest = self._smallest[direction]
        reads = direction is Role.READS
        node = target.old if reads else target.new
        size = smallest.size(node)
        if sample is None and not size.showable:
            return
        values, depth = (size.values, size.depth) if sample is None else (1, 1)
        datum: Datum = smallest.datum(node) if sample is None else sample
        way = [
            (slot, visit.old if reads else visit.new)
            for slot, visit in trail(target.slot.owner if target.slot else target.visit, direction)
        ]
        if target.slot is not None:
            way.append((target.slot, node))
        below = f".{target.missing}" if target.missing else ""
        messages: list[_Message] = []
        while way:
            slot, inner = way.pop()
            written, field = slot.side(new=not reads)
            if isinstance(written, Union):
                datum = Chosen(inner, datum)
            messages.append(_Message(slot, datum, values, f"${below}"))
            if not way:
                break
            owner = way[-1][1]
            beside = smallest.beside(owner, field)
            values, depth = values + beside.values, max(depth, beside.depth) + 1
            if not beside._replace(values=values, depth=depth).showable:
                break
            datum = around(datum, owner, field.name if field else None, smallest)
            below = _step(slot, new=reads) + below
        # They are the same where there is only one.
        for message in (messages[-1], messages[0])[: len(messages)]:
            if message.values <= self._left:
                self._left -= message.values
                yield message

    def _exchange(self, slot: Slot, direction: Role) -> Exchange | None:
        from treaty.changes.avro.independent import Exchange

        key = (slot, direction)
        if key not in self._exchanges:
            writer, reader = _sides(slot, direction)
            written, read = self._schemas[direction]
            self._exchanges[key] = Exchange.of((written, writer), (read, reader))
        return self._exchanges[key]


def _sides(slot: Slot, direction: Role) -> tuple[AvroType, AvroType]:
    """The writing and the reading type at ``slot``."""
    return (slot.old, slot.new) if direction is Role.READS else (slot.new, slot.old)


def _step(slot: Slot, *, new: bool) -> str:
    """The step into ``slot`` by the names of one side."""
    field = slot.side(new=new)[1]
    return f".{field.name}" if slot.way is Way.FIELD and field is not None else slot.step


def _known(raw: Raw, reader: AvroType) -> Raw:
    """A symbol that the reader does not know is its default."""
    if isinstance(reader, EnumType) and raw not in reader.symbols and reader.default is not None:
        return str(reader.default.value)
    return raw
