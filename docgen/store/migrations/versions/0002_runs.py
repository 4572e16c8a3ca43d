"""Batches that run in the background, their ledger of items, and webhook deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.add_column("organisations", sa.Column("webhook_secret", sa.Text))
    identity = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "runs",
        sa.Column("batch_id", identity, nullable=False, autoincrement=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("webhook", sa.Text, nullable=False),
        sa.Column("release_by", sa.Text, nullable=False),
        sa.Column("roster_sha256", sa.Text, nullable=False),
        sa.Column("skipped", sa.Integer, nullable=False),
        sa.Column("cancelled_at", sa.Text),
        sa.Column("ended_at", sa.Text),
        sa.Column("released_at", sa.Text),
        sa.Column("released_by", sa.Text),
        sa.PrimaryKeyConstraint("batch_id", name="pk_runs"),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name="fk_runs_batch_id"),
    )
    op.create_index("ix_runs_ended_at", "runs", ["ended_at"])
    op.create_table(
        "items",
        sa.Column("certificate_id", identity, nullable=False, autoincrement=False),
        sa.Column("batch_id", identity, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("leased_by", sa.Text),
        sa.Column("leased_until", sa.Text),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("remedy", sa.Text, nullable=False),
        sa.Column("updated_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("certificate_id", name="pk_items"),
        sa.UniqueConstraint("batch_id", "row", name="uq_items_batch_id_row"),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificates.id"], name="fk_items_certificate_id"),
        sa.ForeignKeyConstraint(["batch_id"], ["runs.batch_id"], name="fk_items_batch_id"),
    )
    op.create_index("ix_items_batch_id_state", "items", ["batch_id", "state"])
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("batch_id", identity, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("updated_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["batch_id"], ["runs.batch_id"], name="fk_deliveries_batch_id"),
    )
    op.create_index("ix_deliveries_batch_id", "deliveries", ["batch_id"])
    op.create_index("ix_deliveries_next_at", "deliveries", ["next_at"])
