"""Every store keeps what it acknowledged, lets one of two writers win, and tells of changes in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from treaty.errors import UsageError
from treaty_registry.errors import RegistryError
from treaty_registry.facts import (
    Change,
    ConfigSet,
    ContextAdded,
    ContextRemoved,
    Fact,
    ModeSet,
    SchemaAdded,
    SchemaRemoved,
    VersionAdded,
    VersionsHidden,
    VersionsRemoved,
    fact_json,
    read_fact,
)
from treaty_registry.model.governance import Metadata, Rule, RuleSet
from treaty_registry.model.members import Members
from treaty_registry.model.schemas import Reference, Schema, SchemaKey, Version
from treaty_registry.model.settings import Config, Mode
from treaty_registry.names import GLOBAL, SubjectName
from treaty_registry.state import State
from treaty_registry.stores.schema import HEAD, bring_up_to_date
from treaty_registry.stores.sqlite import SqliteStore
from treaty_registry.stores.store import Overtaken, Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def schema(number: int, context: str = ".", **more: object) -> Schema:
    text = f'{{"type":"fixed","name":"F{number}","size":{number}}}'
    return Schema(SchemaKey(context, number), "AVRO", text, number.to_bytes(16, "big"), **more)


S, T = SubjectName(".", "s"), SubjectName(".c", "a/b \u00e9'\"\\")
RICH = schema(
    2,
    ".c",
    references=(Reference("n", ":.:s", 1),),
    metadata=Metadata(tags=(("a", ("x", "y")),), properties=(("k\u0000", "v\n"),), sensitive=("k",)),
    rules=RuleSet(domain=(Rule("r", "CONDITION", "WRITE", "CEL", expr="1 = 1", disabled=True),), enable_at="x"),
)
STORY: list[tuple[Fact, ...]] = [
    (SchemaAdded(schema(1)), VersionAdded(S, Version(1, 1, 1000))),
    (ContextAdded(".c"), SchemaAdded(RICH), VersionAdded(T, Version(1, 2, 2000))),
    (SchemaAdded(schema(3)), VersionAdded(S, Version(2, 3, 3000))),
    (ConfigSet(GLOBAL, Config(level="FULL", normalize=False, default_metadata=Metadata(properties=(("a", "b"),)))),),
    (ConfigSet(T, Config(alias="s", group="g", policy="LENIENT")), ModeSet(T, Mode.IMPORT)),
    (VersionsHidden(S, (1, 2)),),
    (VersionsRemoved(S, (1,)), SchemaRemoved(SchemaKey(".", 1)), VersionAdded(S, Version(3, 3, 4000))),
    (ConfigSet(GLOBAL, None), ModeSet(S, Mode.READONLY), ModeSet(S, None)),
    (ContextAdded(".gone"), SchemaAdded(schema(9, ".gone")), VersionAdded(SubjectName(".gone", "x"), Version(1, 9, 1))),
    (VersionsRemoved(SubjectName(".gone", "x"), (1,)), SchemaRemoved(SchemaKey(".gone", 9)), ContextRemoved(".gone")),
]


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url)
    yield opened
    opened.close()


def state_of(store: Store) -> list[Fact]:
    state = State()
    state.apply(store.load().facts)
    return list(state.facts())


def told(story: list[tuple[Fact, ...]]) -> State:
    state = State()
    for facts in story:
        state.apply(facts)
    return state


def write(store: Store, story: list[tuple[Fact, ...]]) -> None:
    store.append(store.newest(), [Change(facts, "test", number) for number, facts in enumerate(story)])


def test_a_state_is_loaded_as_it_was_written(store: Store) -> None:
    for facts in STORY:
        write(store, [facts])
    assert store.newest() == store.load().head == len(STORY)
    assert state_of(store) == list(told(STORY).facts())


def test_one_batch_writes_what_many_would(store: Store) -> None:
    write(store, STORY)
    assert state_of(store) == list(told(STORY).facts())


def test_it_is_still_there_when_opened_again(store: Store, store_url: str) -> None:
    write(store, STORY)
    store.close()
    again = open_store(store_url)
    try:
        assert state_of(again) == list(told(STORY).facts())
    finally:
        again.close()


def test_counters_survive_what_they_counted(store: Store) -> None:
    write(store, STORY)
    state = State()
    state.apply(store.load().facts)
    assert (state.next_id("."), state.next_id(".gone"), state.has_context(".gone")) == (4, 10, False)


def test_another_node_follows_change_by_change(store: Store, store_url: str) -> None:
    follower, follower_state, head = open_store(store_url), State(), 0
    try:
        for facts in STORY:
            write(store, [facts])
            for change in follower.changes_after(head):
                head = change.head
                follower_state.apply(change.facts)
            assert list(follower_state.facts()) == state_of(store)
    finally:
        follower.close()


def test_a_node_that_comes_late_catches_up_at_once(store: Store) -> None:
    write(store, STORY)
    state = State()
    for change in store.changes_after(0):
        state.apply(change.facts)
    assert list(state.facts()) == list(told(STORY).facts())


def test_of_two_writers_with_one_head_one_is_overtaken_and_writes_nothing(store: Store, store_url: str) -> None:
    other = open_store(store_url)
    try:
        store.append(0, [Change(STORY[0], "one", 0)])
        with pytest.raises(Overtaken):
            other.append(0, [Change(STORY[0], "two", 0), Change(STORY[1], "two", 0)])
        assert other.newest() == 1
        other.append(1, [Change(STORY[1], "two", 0)])
        assert state_of(store) == list(told(STORY[:2]).facts())
    finally:
        other.close()


def test_opening_twice_migrates_once(store: Store, store_url: str) -> None:
    again = open_store(store_url)
    again.close()
    assert store.newest() == 0


def test_tables_of_a_later_program_are_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/later.db"
    store = SqliteStore(url)
    store.open()
    with store.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(RegistryError, match="update Treaty") as refused:
        store.open()
    assert refused.value.code == 50001
    store.close()


def test_the_migrations_end_where_the_tables_are(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from treaty_registry.stores.tables import metadata

    store = SqliteStore(f"sqlite:///{tmp_path}/new.db")
    assert bring_up_to_date(store.engine) is None
    assert bring_up_to_date(store.engine) == HEAD
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    store.close()


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite:", "sqlite:///:memory:", "file.db", "postgresql:///\x00:x"])
def test_a_url_of_no_store_is_a_usage_error(url: str) -> None:
    with pytest.raises((UsageError, RegistryError)):
        open_store(url)


def test_an_unreachable_database_is_said_to_be_without_its_password() -> None:
    with pytest.raises(RegistryError) as refused:
        open_store("postgresql://treaty:sesame@127.0.0.1:1/registry")
    assert refused.value.code == 50003
    assert "sesame" not in str(refused.value)


# A context is deleted only when it is empty, which a random order does not know.
FACTS = st.lists(
    st.sampled_from([fact for facts in STORY for fact in facts if not isinstance(fact, ContextRemoved)]), max_size=30
)


@given(FACTS)
def test_facts_are_read_back_from_their_json(facts: list[Fact]) -> None:
    assert [read_fact(Members.of(fact_json(fact))) for fact in facts] == facts


@given(FACTS, FACTS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_draft_sees_what_would_be_and_changes_nothing(before: list[Fact], after: list[Fact]) -> None:
    state, whole = State(), State()
    state.apply(before)
    whole.apply([*before, *after])
    untouched = list(state.facts())
    draft = state.draft()
    draft.apply(after)
    assert list(draft.facts()) == list(whole.facts())
    assert list(state.facts()) == untouched


@given(FACTS)
def test_a_state_is_rebuilt_from_its_facts(facts: list[Fact]) -> None:
    state, rebuilt = State(), State()
    state.apply(facts)
    rebuilt.apply(state.facts())
    assert list(rebuilt.facts()) == list(state.facts())
