"""Staff: users, sessions, what they did, drafts, templates of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    identity = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.add_column("organisations", sa.Column("issuers", sa.Text))
    op.create_table(
        "installation",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_installation"),
    )
    op.create_table(
        "users",
        sa.Column("id", identity, nullable=False),
        sa.Column("organisation_id", sa.Text, nullable=False),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("disabled_at", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("login", name="uq_users_login"),
        _organisation("users"),
    )
    op.create_index("ix_users_organisation_id", "users", ["organisation_id"])
    op.create_table(
        "invitations",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("user_id", identity),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.Column("used_at", sa.Text),
        sa.PrimaryKeyConstraint("digest", name="pk_invitations"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_invitations_user_id"),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("user_id", identity, nullable=False),
        sa.Column("csrf", sa.Text, nullable=False),
        sa.Column("notice", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("seen_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_sessions"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "trail",
        sa.Column("id", identity, nullable=False),
        sa.Column("organisation_id", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trail"),
        _organisation("trail"),
    )
    op.create_index("ix_trail_organisation_id", "trail", ["organisation_id"])
    for statement in _append_only("trail"):
        op.execute(statement)
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("organisation_id", sa.Text, nullable=False),
        sa.Column("user_id", identity, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("updated_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_drafts_user_id"),
        _organisation("drafts"),
    )
    op.create_index("ix_drafts_organisation_id", "drafts", ["organisation_id"])
    op.create_table(
        "word_templates",
        sa.Column("id", identity, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_word_templates"),
    )
    op.create_index("ix_word_templates_form", "word_templates", ["form"])
    op.create_table(
        "template_choices",
        sa.Column("id", identity, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("template_id", identity),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_template_choices"),
        sa.ForeignKeyConstraint(["template_id"], ["word_templates.id"], name="fk_template_choices_template_id"),
    )
    op.create_index("ix_template_choices_form", "template_choices", ["form"])


def _organisation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=f"fk_{table}_organisation_id")


def _append_only(table: str) -> tuple[str, ...]:
    """Return what lets the database itself refuse to change what somebody did; the function came with 0001."""
    if op.get_bind().dialect.name == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'docgen: these rows are append-only'); END"
            for verb in ("UPDATE", "DELETE")
        )
    call = "EXECUTE FUNCTION docgen_refuse()"
    return (
        f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {call}",
        f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}",
    )
