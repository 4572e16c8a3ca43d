"""What certificates are found by; opening the registry fills it (``docgen.store.search``)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    identity = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "search",
        sa.Column("certificate_id", identity, nullable=False),
        sa.Column("organisation_id", sa.Text, nullable=False),
        sa.Column("batch_id", identity, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("certificate_id", name="pk_search"),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_search_{column}")
            for column, table in (
                ("certificate_id", "certificates"),
                ("organisation_id", "organisations"),
                ("batch_id", "batches"),
            )
        ),
    )
    op.create_index("ix_search_batch_id", "search", ["batch_id"])
    op.create_index("ix_search_organisation_id_certificate_id", "search", ["organisation_id", "certificate_id"])
    op.create_index(
        "ix_search_organisation_id_state_certificate_id", "search", ["organisation_id", "state", "certificate_id"]
    )
