"""The store in one SQLite file: write-ahead log, and every commit on disk before it is acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from treaty.errors import UsageError
from treaty_registry.stores.sql import SqlStore
from treaty_registry.stores.store import Overtaken

if TYPE_CHECKING:
    import sqlite3

    from sqlalchemy import Connection
    from sqlalchemy.exc import DBAPIError

BUSY_SECONDS = 5.0
_PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON")


class SqliteStore(SqlStore):
    """See :class:`treaty_registry.stores.store.Store`. Other processes may use the same file."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise UsageError(f"{url!r} is no store URL", advice="write sqlite:///file.db") from error
        if not parsed.database or parsed.database == ":memory:":
            raise UsageError(f"{url!r} names no file", advice="write sqlite:///file.db, or use --ephemeral")
        self.engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
        event.listen(self.engine, "connect", _configure)
        event.listen(self.engine, "begin", _begin)

    def begin_write(self, connection: Connection, head: int) -> None:
        newest = connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM changes").scalar_one()
        if newest != head:
            raise Overtaken

    def error_code(self, error: DBAPIError) -> int:
        return 50002 if "locked" in str(error.orig) else super().error_code(error)


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    # sqlite3 would begin a transaction by itself, and only at the first write; `_begin` does it where SQLAlchemy says
    # so.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    # A writer takes the lock first, so that what it reads stays true until it commits.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")
