"""response."""

from typing import Any

import sqlalchemy as sa
from alembic import op

import database.columns

revision = "0005"
down_revision = "0004"

COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PERSON = sa.String(length=63)


def upgrade() -> None:
    """Bring the tables forward."""
    _widen_incidents()
    _widen_steps()
    _add_tables()


def _widen_incidents() -> None:
    op.add_column("incidents", sa.Column("category", sa.String(length=63), nullable=True))
    op.add_column("incidents", sa.Column("offered_to", PERSON, nullable=True))
    for name in ("first_public_by", "first_public_at", "briefing_due_at"):
        op.add_column("incidents", sa.Column(name, _moment(), nullable=True))
    op.add_column("incidents", sa.Column("drill", sa.Boolean(), nullable=False, server_default=sa.false()))
    # Written into the column itself: SQLite would else make the table anew, which rows that point to it do not allow.
    part_of = sa.ForeignKey("incidents.id", name=op.f("fk_incidents_merged_into"))
    op.add_column("incidents", sa.Column("merged_into", COUNT, part_of, nullable=True), inline_references=True)


def _widen_steps() -> None:
    for name, kind in (
        ("phase", sa.Text()),
        ("after", sa.String(length=63)),
        ("evidence_asked", sa.Text()),
        ("evidence", sa.Text()),
        ("approval", sa.Text()),
        ("statement", sa.String(length=63)),
        ("skipped", sa.Text()),
    ):
        op.add_column("steps", sa.Column(name, kind, nullable=False, server_default=""))
    op.add_column("steps", sa.Column("approved_by", PERSON, nullable=True))
    op.add_column("steps", sa.Column("approved_at", _moment(), nullable=True))


def _add_tables() -> None:
    _of_incident(
        "tasks",
        ["number"],
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("assignee", PERSON, nullable=True),
        sa.Column("due_at", _moment(), nullable=True),
        sa.Column("added_by", PERSON, nullable=False),
        sa.Column("added_at", _moment(), nullable=False),
        sa.Column("done_at", _moment(), nullable=True),
        sa.Column("done_by", PERSON, nullable=True),
    )
    _of_incident(
        "statements",
        ["number"],
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=63), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author", PERSON, nullable=False),
        sa.Column("written_at", _moment(), nullable=False),
        sa.Column("approved_by", PERSON, nullable=True),
        sa.Column("approved_at", _moment(), nullable=True),
        sa.Column("published_by", PERSON, nullable=True),
        sa.Column("published_at", _moment(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
    )
    _of_incident(
        "statement_versions",
        ["number", "version"],
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", PERSON, nullable=False),
        sa.Column("written_at", _moment(), nullable=False),
    )
    _add_people_and_plans()


def _add_people_and_plans() -> None:
    _of_incident(
        "followers",
        ["person"],
        sa.Column("person", PERSON, nullable=False),
        sa.Column("added_by", PERSON, nullable=False),
        sa.Column("since", _moment(), nullable=False),
        sa.Column("until", _moment(), nullable=True),
    )
    _of_incident(
        "reviews",
        [],
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by", PERSON, nullable=False),
        sa.Column("written_at", _moment(), nullable=False),
        sa.Column("finished_at", _moment(), nullable=True),
    )
    op.create_table(
        "playbooks",
        sa.Column("id", sa.String(length=63), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("seen_at", _moment(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_playbooks")),
    )


def _of_incident(table: str, key: list[str], *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column("incident_id", COUNT, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f(f"fk_{table}_incident_id")),
        sa.PrimaryKeyConstraint("incident_id", *key, name=op.f(f"pk_{table}")),
    )


def _moment() -> database.columns.Moment:
    return database.columns.Moment(timezone=True)
