"""A store in a SQL database, as far as SQLite and PostgreSQL agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import bindparam, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from treaty_registry.errors import RegistryError
from treaty_registry.facts import (
    ConfigSet,
    ContextAdded,
    ContextRemoved,
    ModeSet,
    SchemaAdded,
    SchemaRemoved,
    VersionAdded,
    VersionsHidden,
    VersionsRemoved,
)
from treaty_registry.stores import rows, tables
from treaty_registry.stores.store import Appended, Overtaken, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection, Engine, Table

    from treaty_registry.facts import Change, Fact
    from treaty_registry.model.schemas import Schema, SchemaKey
    from treaty_registry.names import SubjectName

T = TypeVar("T")

_RAISE_CONTEXT = text(
    "INSERT INTO contexts (context, next_id, present) VALUES (:context, :next_id, :present) "
    "ON CONFLICT (context) DO UPDATE SET present = excluded.present, next_id = "
    "CASE WHEN excluded.next_id > contexts.next_id THEN excluded.next_id ELSE contexts.next_id END"
)
_NEWEST = select(func.coalesce(func.max(tables.changes.c.seq), 0))
_HIDE = (
    update(tables.versions)
    .where(
        tables.versions.c.context == bindparam("b_context"),
        tables.versions.c.subject == bindparam("b_subject"),
        tables.versions.c.version == bindparam("b_version"),
    )
    .values(deleted=True)
)
_REMOVE = delete(tables.versions).where(
    tables.versions.c.context == bindparam("b_context"),
    tables.versions.c.subject == bindparam("b_subject"),
    tables.versions.c.version == bindparam("b_version"),
)


class SqlStore:
    """See :class:`treaty_registry.stores.store.Store`; subclasses know how to connect and what their errors mean."""

    engine: Engine

    @property
    def shared(self) -> bool:
        return True

    def open(self) -> None:
        from treaty_registry.stores.schema import bring_up_to_date

        self._run(lambda: bring_up_to_date(self.engine))

    def load(self) -> Snapshot:
        return self._run(self._load)

    def newest(self) -> int:
        return self._run(self._newest)

    def changes_after(self, head: int) -> Sequence[Appended]:
        return self._run(lambda: self._changes_after(head))

    def append(self, head: int, changes: Sequence[Change]) -> None:
        self._run(lambda: self._append(head, changes))

    def close(self) -> None:
        self.engine.dispose()

    # For subclasses

    def begin_write(self, connection: Connection, head: int) -> None:
        """Called first in a writing transaction. Raises Overtaken where it can tell already."""

    def error_code(self, error: DBAPIError) -> int:
        """50001, 50002 or 50003: what an error of the driver means."""
        return 50003 if error.connection_invalidated else 50001

    # Reading

    def _newest(self) -> int:
        with self.engine.connect() as connection:
            newest: int = connection.execute(_NEWEST).scalar_one()
            return newest

    def _load(self) -> Snapshot:
        with self.engine.connect().execution_options(snapshot=True) as connection, connection.begin():
            head: int = connection.execute(_NEWEST).scalar_one()
            # The whole of it, for the connection is given back before the facts are used.
            return Snapshot(head, list(_stored_facts(connection)))

    def _changes_after(self, head: int) -> list[Appended]:
        with self.engine.connect().execution_options(snapshot=True) as connection, connection.begin():
            logged = connection.execute(
                select(tables.changes.c.seq, tables.changes.c.facts)
                .where(tables.changes.c.seq > head)
                .order_by(tables.changes.c.seq)
            ).all()

            def schema_of(key: SchemaKey) -> Schema | None:
                row = connection.execute(
                    select(tables.schemas).where(tables.schemas.c.context == key.context, tables.schemas.c.id == key.id)
                ).one_or_none()
                return None if row is None else rows.schema_of_row(*row)

            return [Appended(seq, rows.read_logged(facts, schema_of)) for seq, facts in logged]

    # Writing

    def _append(self, head: int, changes: Sequence[Change]) -> None:
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            self.begin_write(connection, head)
            numbered = [
                {"seq": seq, "at": change.at, "actor": change.actor, "facts": rows.logged(change.facts)}
                for seq, change in enumerate(changes, head + 1)
            ]
            try:
                connection.execute(insert(tables.changes), numbered)
            except IntegrityError as error:
                raise Overtaken from error
            _write(connection, [fact for change in changes for fact in change.facts])

    def _run(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except DBAPIError as error:
            raise RegistryError(self.error_code(error), f"The store failed: {_first_line(error.orig)}") from error
        except SQLAlchemyError as error:
            raise RegistryError(50001, f"The store failed: {_first_line(error)}") from error


def _stored_facts(connection: Connection) -> Iterator[Fact]:
    for context, next_id, present in connection.execute(select(tables.contexts)):
        yield from rows.context_of_row(context, next_id, present)
    for row in connection.execute(select(tables.schemas).order_by(tables.schemas.c.context, tables.schemas.c.id)):
        yield SchemaAdded(rows.schema_of_row(*row))
    versions = tables.versions.c
    for row in connection.execute(
        select(tables.versions).order_by(versions.context, versions.subject, versions.version)
    ):
        yield rows.version_of_row(*row)
    for context, subject, config in connection.execute(select(tables.configs)):
        yield rows.config_of_row(context, subject, config)
    for context, subject, mode in connection.execute(select(tables.modes)):
        yield rows.mode_of_row(context, subject, mode)


def _write(connection: Connection, facts: Sequence[Fact]) -> None:
    """Bring the tables to where ``facts`` lead; new schemas and versions, which are nearly all of it, go in bulk."""
    new_schemas: list[rows.SchemaValues] = []
    new_versions: list[rows.VersionValues] = []

    def flush() -> None:
        if new_schemas:
            connection.execute(insert(tables.schemas), new_schemas)
            new_schemas.clear()
        if new_versions:
            connection.execute(insert(tables.versions), new_versions)
            new_versions.clear()

    for fact in facts:
        match fact:
            case SchemaAdded(schema):
                new_schemas.append(rows.schema_values(schema))
            case VersionAdded(subject, version):
                new_versions.append(rows.version_values(subject, version))
            case _:
                flush()
                _write_other(connection, fact)
    flush()


def _write_other(connection: Connection, fact: Fact) -> None:
    match fact:
        case ContextAdded(context, next_id):
            connection.execute(_RAISE_CONTEXT, {"context": context, "next_id": next_id, "present": True})
        case ContextRemoved(context):
            connection.execute(_RAISE_CONTEXT, {"context": context, "next_id": 1, "present": False})
        case SchemaRemoved(key):
            connection.execute(_RAISE_CONTEXT, {"context": key.context, "next_id": key.id + 1, "present": True})
            schemas = tables.schemas.c
            connection.execute(delete(tables.schemas).where(schemas.context == key.context, schemas.id == key.id))
        case VersionsHidden(subject, numbers):
            connection.execute(_HIDE, _version_keys(subject, numbers))
        case VersionsRemoved(subject, numbers):
            connection.execute(_REMOVE, _version_keys(subject, numbers))
        case ConfigSet(scope, config):
            _replace(
                connection, tables.configs, scope, None if config is None else {"config": rows.json_text(config.json())}
            )
        case ModeSet(scope, mode):
            _replace(connection, tables.modes, scope, None if mode is None else {"mode": mode.value})
        case _:  # Emptied happens in memory only, and schemas and versions are written in bulk
            raise AssertionError(fact)


def _version_keys(subject: SubjectName, numbers: Sequence[int]) -> list[dict[str, str | int]]:
    return [{"b_context": subject.context, "b_subject": subject.name, "b_version": number} for number in numbers]


def _replace(connection: Connection, table: Table, scope: SubjectName, values: dict[str, str] | None) -> None:
    key = (table.c.context == scope.context) & (table.c.subject == scope.name)
    connection.execute(delete(table).where(key))
    if values is not None:
        connection.execute(insert(table).values(context=scope.context, subject=scope.name, **values))


def _first_line(error: BaseException | None) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
