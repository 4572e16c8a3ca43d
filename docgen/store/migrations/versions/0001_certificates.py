"""Organisations, keys, series, certificates with their events and documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_FIXED = ("certificates", "events", "documents")
_REFUSAL = "docgen: records are never changed or deleted"


def upgrade() -> None:
    """Make the tables and the triggers that keep records as they are."""
    _who()
    _what()
    for table in _FIXED:
        for statement in _guard(table):
            op.execute(statement)


def _who() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("organisation_id", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("withdrawn_at", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        _foreign("api_keys", "organisation_id", "organisations.id"),
    )
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.Text, nullable=False),
        sa.Column("public", sa.Text, nullable=False),
        sa.Column("trial", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("retired_at", sa.Text),
        sa.PrimaryKeyConstraint("kid", name="pk_signing_keys"),
    )
    op.create_table(
        "series",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("organisation_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_series"),
        _foreign("series", "organisation_id", "organisations.id"),
    )
    op.create_table(
        "counters",
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name="pk_counters"),
        _foreign("counters", "series", "series.name"),
    )
    op.create_table(
        "misses",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", "day", name="pk_misses"),
    )


def _what() -> None:
    identity = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "batches",
        sa.Column("id", identity, nullable=False),
        sa.Column("organisation_id", sa.Text, nullable=False),
        sa.Column("idempotency_key", sa.Text, nullable=False),
        sa.Column("request_digest", sa.Text, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
        sa.UniqueConstraint("organisation_id", "idempotency_key", name="uq_batches_organisation_id_idempotency_key"),
        _foreign("batches", "organisation_id", "organisations.id"),
    )
    op.create_table(
        "certificates",
        sa.Column("id", identity, nullable=False),
        sa.Column("organisation_id", sa.Text, nullable=False),
        sa.Column("batch_id", identity, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_certificates"),
        sa.UniqueConstraint("code", name="uq_certificates_code"),
        sa.UniqueConstraint("number", "version", name="uq_certificates_number_version"),
        sa.UniqueConstraint("batch_id", "row", name="uq_certificates_batch_id_row"),
        _foreign("certificates", "organisation_id", "organisations.id"),
        _foreign("certificates", "batch_id", "batches.id"),
    )
    op.create_table(
        "holdings",
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("certificate_id", identity, nullable=False),
        sa.PrimaryKeyConstraint("identity", name="pk_holdings"),
        _foreign("holdings", "certificate_id", "certificates.id"),
    )
    op.create_index("ix_holdings_certificate_id", "holdings", ["certificate_id"])
    op.create_table(
        "events",
        sa.Column("certificate_id", identity, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("reason_class", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("certificate_id", "sequence", name="pk_events"),
        _foreign("events", "certificate_id", "certificates.id"),
    )
    op.create_table(
        "documents",
        sa.Column("certificate_id", identity, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("border", sa.Boolean, nullable=False),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("certificate_id", "format", "border", name="pk_documents"),
        _foreign("documents", "certificate_id", "certificates.id"),
    )
    op.create_index("ix_documents_sha256", "documents", ["sha256"])


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")


def _guard(table: str) -> tuple[str, ...]:
    """Return the statements that make a table append-only."""
    if op.get_bind().dialect.name == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            for verb in ("UPDATE", "DELETE")
        )
    function = (
        "CREATE OR REPLACE FUNCTION docgen_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    call = "EXECUTE FUNCTION docgen_refuse()"
    return (
        function,
        f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {call}",
        f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}",
    )
