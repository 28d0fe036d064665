"""The tables of a registry, alike in SQLite and PostgreSQL."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

contexts = Table(
    "contexts",
    metadata,
    Column("context", String, primary_key=True),
    # Only ids that were given out and taken back raise it above the ids in `schemas`.
    Column("next_id", BigInteger, nullable=False),
    Column("present", Boolean, nullable=False),
)

schemas = Table(
    "schemas",
    metadata,
    Column("context", String, primary_key=True),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("type", String, nullable=False),
    Column("schema", Text, nullable=False),
    Column("digest", LargeBinary(16), nullable=False),
    # JSON: [{name, subject, version}], the metadata and the rule set as the API shows them; null where there is none.
    Column("schema_references", Text),
    Column("metadata", Text),
    Column("rule_set", Text),
)

versions = Table(
    "versions",
    metadata,
    Column("context", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("id", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Index("versions_by_id", "context", "id"),
)

configs = Table(
    "configs",
    metadata,
    Column("context", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("config", Text, nullable=False),
)

modes = Table(
    "modes",
    metadata,
    Column("context", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("mode", String, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    # Numbered by the writers; the primary key is what makes two writers with one number impossible.
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", String, nullable=False),
    Column("facts", Text, nullable=False),
)
