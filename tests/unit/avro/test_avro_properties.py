"""Whatever the schemas: identity is silent, directions mirror each other, and no verdict is refuted by data."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.unit.avro.avro_strategies import data, edited, schemas

from treaty.changes.avro.comparison import compare_schemas
from treaty.changes.avro.data import Smallest
from treaty.changes.avro.decoding import decode
from treaty.changes.avro.independent import Exchange
from treaty.changes.change import Change, Effect, Level
from treaty.documents.schema_text import SchemaText
from treaty.errors import TreatyError
from treaty.model.avro import Schema, normalized_text, parse, parsing_canonical_form
from treaty.model.avro.names import short_name
from treaty.model.roles import Role

_MANY = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


def _read(schema: Any) -> Schema:
    """The schema; the example is given up where an edit made it invalid."""
    try:
        return parse(SchemaText(schema))
    except TreatyError:
        assume(False)
        raise


def pair(draw: st.DataObject) -> tuple[Schema, Schema]:
    old = draw.draw(schemas())
    return _read(old), _read(draw.draw(edited(old)))


def _breaking(changes: tuple[Change, ...]) -> list[Change]:
    return [change for change in changes if change.level is Level.BREAKING]


@_MANY
@given(schemas())
def test_identity_is_silent_and_canonical_forms_are_stable(schema: Any) -> None:
    first, second = _read(schema), _read(schema)
    assert compare_schemas(first, second, roles=Role.BOTH) == ()
    again = parse(SchemaText(normalized_text(first)))
    assert compare_schemas(first, again, roles=Role.BOTH) == ()
    assert normalized_text(again) == normalized_text(first)
    assert parsing_canonical_form(again) == parsing_canonical_form(first)


@_MANY
@given(st.data())
def test_backwards_the_directions_are_exchanged(draw: st.DataObject) -> None:
    old, new = pair(draw)
    forwards, backwards = (compare_schemas(*pair, roles=Role.BOTH) for pair in ((old, new), (new, old)))
    for one, other in ((forwards, backwards), (backwards, forwards)):
        narrowed = [change for change in one if change.effect in (Effect.NARROWS, Effect.REPLACES)]
        widened = [change for change in other if change.effect in (Effect.WIDENS, Effect.REPLACES)]
        assert bool(narrowed) == bool(widened)
    assert bool(forwards) == bool(backwards)


@_MANY
@given(st.data())
def test_what_is_compatible_is_read(draw: st.DataObject) -> None:
    old, new = pair(draw)
    assume(not _breaking(compare_schemas(old, new, roles=Role.READS)))
    assume(Smallest().size(old.root).showable)
    exchange = Exchange((old, old.root), (new, new.root))
    wire = exchange.encode(draw.draw(data(old.root)))
    assert wire is not None
    assert decode(wire, old.root, new.root).refusals == []
    # fastavro takes the first branch whose unqualified name matches, the specification the one of the same full name.
    shorts = [short_name(name) for name in new.names]
    if len(shorts) == len(set(shorts)):
        assert not exchange.refuses(wire)


@_MANY
@given(st.data())
def test_what_is_breaking_is_refused(draw: st.DataObject) -> None:
    old, new = pair(draw)
    for role, writer, reader in ((Role.READS, old, new), (Role.WRITES, new, old)):
        for change in _breaking(compare_schemas(old, new, roles=role)):
            witness = change.witness
            if witness is None:
                # Only a type without any finite datum has none.
                assert not Smallest().size(writer.root).showable
                continue
            if witness.at == "$" and witness.wire is not None:
                assert decode(bytes.fromhex(witness.wire), writer.root, reader.root).refusals
