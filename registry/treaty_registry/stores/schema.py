"""Bringing the tables of a database up to date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from treaty_registry.errors import RegistryError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

HEAD = "0001"
"""The newest revision in ``migrations/versions``."""

_MIGRATION_LOCK = 0x54726561  # "Trea", as an advisory lock key


def current_revision(connection: Connection) -> str | None:
    """The revision the tables are at, or None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def bring_up_to_date(engine: Engine) -> str | None:
    """Migrate to :data:`HEAD` where the tables are older; the result is the revision they had before.

    Nodes that start together take turns. Raises RegistryError 50001 for tables newer than this program.
    """
    with engine.connect() as connection:
        revision = current_revision(connection)
    if revision == HEAD:
        return revision
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            revision = current_revision(connection)
        _migrate(connection, revision)
    return revision


def _migrate(connection: Connection, revision: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise RegistryError(
            50001,
            f"The tables are at revision {revision}, which this version of Treaty does not know",
            advice="update Treaty",
        )
    command.upgrade(config, HEAD)
