"""Alembic's entrance: runs the steps on the connection that the database opened."""

from __future__ import annotations

from alembic import context

from docgen.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transaction_per_migration=False,
)
context.run_migrations()
