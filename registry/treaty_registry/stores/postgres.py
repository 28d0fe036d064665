"""The store in a PostgreSQL database, shared by any number of nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from treaty.errors import UsageError
from treaty_registry.stores.sql import SqlStore

if TYPE_CHECKING:
    from psycopg import Connection as PsycopgConnection
    from sqlalchemy import Connection
    from sqlalchemy.exc import DBAPIError

CONNECT_SECONDS = 5
STATEMENT_MILLISECONDS = 10_000
_SESSION = {
    # A node that waits for another one's number waits this long, and one that hangs in a transaction is thrown out
    # before.
    "lock_timeout": STATEMENT_MILLISECONDS,
    "statement_timeout": STATEMENT_MILLISECONDS,
    "idle_in_transaction_session_timeout": STATEMENT_MILLISECONDS // 2,
}
_TIMEOUTS = frozenset({"57014", "55P03", "25P03"})
"""SQLSTATEs: query_canceled (statement timeout), lock_not_available, idle_in_transaction_session_timeout."""
_UNREACHABLE = ("08", "57P")
"""SQLSTATE classes: connection exceptions, and the server shutting down or starting up."""


class PostgresStore(SqlStore):
    """See :class:`treaty_registry.stores.store.Store`."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url).set(drivername="postgresql+psycopg")
        except ArgumentError as error:
            # The URL may hold a password, so it is not repeated.
            raise UsageError(
                "the store URL cannot be read", advice="write postgresql://user:password@host:5432/database"
            ) from error
        try:
            self.engine = create_engine(
                parsed,
                pool_size=3,
                max_overflow=2,
                pool_recycle=600,
                connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "treaty-registry"},
            )
        except ModuleNotFoundError as error:
            raise UsageError("PostgreSQL needs psycopg", advice="pip install 'treaty[postgres]'") from error
        event.listen(self.engine, "connect", _configure)
        event.listen(self.engine, "begin", _begin)

    def error_code(self, error: DBAPIError) -> int:
        state = getattr(error.orig, "sqlstate", None)
        if state in _TIMEOUTS:
            return 50002
        if error.connection_invalidated or state is None or state.startswith(_UNREACHABLE):
            return 50003
        return 50001


def _configure(connection: PsycopgConnection[tuple[object, ...]], _record: object) -> None:
    with connection.cursor() as cursor:
        for name, milliseconds in _SESSION.items():
            cursor.execute(f"SET {name} = {milliseconds}".encode())
        cursor.execute("SHOW synchronous_commit")
        setting = cursor.fetchone()
        if setting is not None and setting[0] == "off":
            # Acknowledged means durable, whatever the server's default is.
            cursor.execute("SET synchronous_commit = on")
    connection.commit()


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get("snapshot"):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
