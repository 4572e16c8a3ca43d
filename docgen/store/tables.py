"""The tables of the records. Migrations make them (``migrations/``); a test holds both to each other.

Times are UTC in ISO 8601. What may never change (certificates, events, documents) is held by triggers that the
migrations make; the rest says here who may change it.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Identity: Final = BigInteger().with_variant(Integer, "sqlite")
"""Only INTEGER PRIMARY KEY counts by itself in SQLite."""

organisations: Final = Table(
    "organisations",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("webhook_secret", Text),
    Column("issuers", Text),
)
"""``issuers`` is a JSON list of the names below its certificates, unless a batch says else."""

api_keys: Final = Table(
    "api_keys",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("withdrawn_at", Text),
)
"""``scopes`` are separated by spaces; ``digest`` is the SHA-256 of the secret."""

signing_keys: Final = Table(
    "signing_keys",
    METADATA,
    Column("kid", Text, primary_key=True),
    Column("public", Text, nullable=False),
    Column("trial", Boolean, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("retired_at", Text),
)
"""Public halves only, retired ones for ever; the private halves are files (``signing.py``)."""

series: Final = Table(
    "series",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False),
)

counters: Final = Table(
    "counters",
    METADATA,
    Column("series", ForeignKey("series.name"), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)
"""The last number given out, moved in the transaction that uses it."""

batches: Final = Table(
    "batches",
    METADATA,
    Column("id", Identity, primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("request_digest", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    UniqueConstraint("organisation_id", "idempotency_key"),
)

runs: Final = Table(
    "runs",
    METADATA,
    Column("batch_id", ForeignKey("batches.id"), primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("webhook", Text, nullable=False),
    Column("release_by", Text, nullable=False),
    Column("roster_sha256", Text, nullable=False),
    Column("skipped", Integer, nullable=False),
    Column("cancelled_at", Text),
    Column("ended_at", Text, index=True),
    Column("released_at", Text),
    Column("released_by", Text),
)
"""The batches that run in the background. ``release_by`` is another's where a second person must release, else own's.

``roster_sha256`` is the file of rows as they came, with what was skipped; it expires, records do not.
"""

items: Final = Table(
    "items",
    METADATA,
    Column("certificate_id", ForeignKey("certificates.id"), primary_key=True, autoincrement=False),
    Column("batch_id", ForeignKey("runs.batch_id"), nullable=False),
    Column("row", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_by", Text),
    Column("leased_until", Text),
    Column("code", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    UniqueConstraint("batch_id", "row"),
    Index("ix_items_batch_id_state", "batch_id", "state"),
)
"""The ledger: one row for each certificate of a run, from waiting to made or failed; progress is counted here."""

deliveries: Final = Table(
    "deliveries",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("batch_id", ForeignKey("runs.batch_id"), nullable=False, index=True),
    Column("event", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Text, index=True),
    Column("status", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
)
"""Webhook messages: each attempt is counted; ``next_at`` is empty when there will be no further one."""

certificates: Final = Table(
    "certificates",
    METADATA,
    Column("id", Identity, primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False),
    Column("batch_id", ForeignKey("batches.id"), nullable=False),
    Column("row", Integer, nullable=False),
    Column("number", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("code", Text, nullable=False, unique=True),
    Column("identity", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    UniqueConstraint("number", "version"),
    UniqueConstraint("batch_id", "row"),
)
"""Never updated, never deleted. ``token`` is the signed claims; ``identity`` a digest of who is honoured for what."""

holdings: Final = Table(
    "holdings",
    METADATA,
    Column("identity", Text, primary_key=True),
    Column("certificate_id", ForeignKey("certificates.id"), nullable=False, index=True),
)
"""Who holds what now: nobody is honoured twice for the same by mistake. Ends with the certificate."""

events: Final = Table(
    "events",
    METADATA,
    Column("certificate_id", ForeignKey("certificates.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason_class", Text, nullable=False),
    Column("reason", Text, nullable=False),
)
"""Append-only: the last event is the state. ``reason`` is for the house, ``reason_class`` for the public."""

documents: Final = Table(
    "documents",
    METADATA,
    Column("certificate_id", ForeignKey("certificates.id"), primary_key=True),
    Column("format", Text, primary_key=True),
    Column("border", Boolean, primary_key=True),
    Column("template", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Index("ix_documents_sha256", "sha256"),
)
"""What was made of a certificate, by the digest under which the file lies; never updated, so a reprint is the same."""

misses: Final = Table(
    "misses",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)
"""Wrong guesses of a day; ``subject`` is a digest and is deleted when its day is over."""

installation: Final = Table(
    "installation",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What was decided in the browser for the whole installation; the environment wins."""

users: Final = Table(
    "users",
    METADATA,
    Column("id", Identity, primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False, index=True),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("disabled_at", Text),
)
"""Staff. ``password`` is an Argon2id hash, empty until the invitation is taken; users are disabled, never deleted."""

invitations: Final = Table(
    "invitations",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("user_id", ForeignKey("users.id")),
    Column("expires_at", Text, nullable=False),
    Column("used_at", Text),
)
"""One-time links for setting a password, by the SHA-256 of their secret; without a user, the first administrator's."""

sessions: Final = Table(
    "sessions",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("csrf", Text, nullable=False),
    Column("notice", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
)
"""Who is logged in, by the SHA-256 of the cookie. ``notice`` is a sentence for the next page, shown once."""

trail: Final = Table(
    "trail",
    METADATA,
    Column("id", Identity, primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False, index=True),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
)
"""Who did what on the staff pages. ``subject`` is a number, a batch, a form, a login; no words of a certificate."""

drafts: Final = Table(
    "drafts",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False, index=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
)
"""Work that is not finished: a form half filled, a roster being mended. ``body`` is JSON of whoever keeps it."""

word_templates: Final = Table(
    "word_templates",
    METADATA,
    Column("id", Identity, primary_key=True),
    Column("form", Text, nullable=False, index=True),
    Column("sha256", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("actor", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)
"""Word templates that were taken over in the browser, every version for ever."""

template_choices: Final = Table(
    "template_choices",
    METADATA,
    Column("id", Identity, primary_key=True),
    Column("form", Text, nullable=False, index=True),
    Column("template_id", ForeignKey("word_templates.id")),
    Column("actor", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)
"""Which template a form uses: the last choice counts; without a template docgen's own."""

search: Final = Table(
    "search",
    METADATA,
    Column("certificate_id", ForeignKey("certificates.id"), primary_key=True, autoincrement=False),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False),
    Column("batch_id", ForeignKey("batches.id"), nullable=False, index=True),
    Column("form", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("words", Text, nullable=False),
    Index("ix_search_organisation_id_certificate_id", "organisation_id", "certificate_id"),
    Index("ix_search_organisation_id_state_certificate_id", "organisation_id", "state", "certificate_id"),
)
"""What certificates are found by, repeated from claims and events: emptied, it is filled again (``search.py``)."""
