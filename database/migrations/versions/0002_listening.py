"""listening."""

import sqlalchemy as sa
from alembic import op

import database.columns

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "hosts",
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("until", database.columns.Moment(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_hosts")),
    )
    op.create_table(
        "received",
        sa.Column("sender", sa.String(length=63), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("at", database.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sender", "key", name=op.f("pk_received")),
    )
    op.create_table(
        "source_hours",
        sa.Column("source", sa.String(length=63), nullable=False),
        sa.Column("hour", database.columns.Moment(timezone=True), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "hour", name=op.f("pk_source_hours")),
    )
    op.create_table(
        "usage",
        sa.Column("source", sa.String(length=63), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "day", name=op.f("pk_usage")),
    )
    op.create_table(
        "story_keys",
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("second", sa.BigInteger(), nullable=False),
        sa.Column("mention_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mentions.id"], name=op.f("fk_story_keys_mention_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("month", "key", "second", "mention_id", name=op.f("pk_story_keys")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_story_keys_mention_id"), "story_keys", ["mention_id"], unique=False)
    op.create_index(op.f("ix_source_hours_hour"), "source_hours", ["hour"])
    op.create_index(op.f("ix_usage_day"), "usage", ["day"])
    with op.batch_alter_table("mentions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("views", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("handle", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("rating", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("rating_worst", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("rating_best", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("rating_scale", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("edited_at", database.columns.Moment(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_mentions_story_id"), ["story_id"], unique=False)

    with op.batch_alter_table("brand_mentions", schema=None) as batch_op:
        batch_op.drop_column("text_digest")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.alter_column("incident_id", existing_type=sa.INTEGER(), nullable=True)

    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_for", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("added_at", database.columns.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("failing_since", database.columns.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("stopped_at", database.columns.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("newest_at", database.columns.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("interval_seconds", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("silent_since", database.columns.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("told_at", database.columns.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("told_of", sa.String(length=16), nullable=True))

    # What people report may be several things at once; signals of one kind are one issue.
    one_open = sa.text("resolved_at IS NULL AND kind <> 'reported'")
    op.drop_index("ux_incidents_one_open", table_name="incidents")
    op.create_index(
        "ux_incidents_one_open",
        "incidents",
        ["brand", "kind"],
        unique=True,
        sqlite_where=one_open,
        postgresql_where=one_open,
    )
