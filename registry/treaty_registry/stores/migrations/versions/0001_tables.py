"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "contexts",
        sa.Column("context", sa.String, primary_key=True),
        sa.Column("next_id", sa.BigInteger, nullable=False),
        sa.Column("present", sa.Boolean, nullable=False),
    )
    op.create_table(
        "schemas",
        sa.Column("context", sa.String, primary_key=True),
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("schema", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary(16), nullable=False),
        sa.Column("schema_references", sa.Text),
        sa.Column("metadata", sa.Text),
        sa.Column("rule_set", sa.Text),
    )
    op.create_table(
        "versions",
        sa.Column("context", sa.String, primary_key=True),
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("deleted", sa.Boolean, nullable=False),
    )
    op.create_index("versions_by_id", "versions", ["context", "id"])
    op.create_table(
        "configs",
        sa.Column("context", sa.String, primary_key=True),
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("config", sa.Text, nullable=False),
    )
    op.create_table(
        "modes",
        sa.Column("context", sa.String, primary_key=True),
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("mode", sa.String, nullable=False),
    )
    op.create_table(
        "changes",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
    )
