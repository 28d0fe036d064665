"""What alembic runs the migrations in; :mod:`treaty_registry.stores.schema` hands over the connection."""

from __future__ import annotations

from alembic import context

from treaty_registry.stores.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
