"""detection."""

import sqlalchemy as sa
from alembic import op

import database.columns

revision = "0004"
down_revision = "0003"

COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("buckets", sa.Column("critical", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("signals", sa.Column("stories", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("signals", sa.Column("beyond", sa.Float(), nullable=False, server_default="0"))
    op.add_column("signals", sa.Column("negative_share", sa.Float(), nullable=True))
    op.add_column("signals", sa.Column("reach", sa.BigInteger(), nullable=True))
    op.add_column("signals", sa.Column("category", sa.String(length=63), nullable=True))
    op.add_column("signals", sa.Column("opened", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("signals", sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE signals SET opened = TRUE, told = TRUE WHERE id IN (SELECT MIN(signals.id) FROM signals "
        "JOIN incidents ON incidents.id = signals.incident_id AND incidents.opened_at = signals.at "
        "GROUP BY signals.incident_id)"
    )
    op.create_index(op.f("ix_signals_incident_id_kind"), "signals", ["incident_id", "kind"])
    op.add_column("incidents", sa.Column("peak", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("incidents", sa.Column("ebbed_at", database.columns.Moment(timezone=True), nullable=True))
    op.create_table(
        "pasts",
        sa.Column("brand", sa.String(length=63), nullable=False),
        sa.Column("series", sa.String(length=16), nullable=False),
        sa.Column("hour", database.columns.Moment(timezone=True), nullable=False),
        sa.Column("settings", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("brand", "series", "hour", name=op.f("pk_pasts")),
    )
    op.create_table(
        "judged",
        sa.Column("brand", sa.String(length=63), nullable=False),
        sa.Column("at", database.columns.Moment(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("brand", name=op.f("pk_judged")),
    )
    op.create_table(
        "marks",
        sa.Column("id", COUNT, nullable=False),
        sa.Column("brand", sa.String(length=63), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("moment", database.columns.Moment(timezone=True), nullable=False),
        sa.Column("signal_id", COUNT, nullable=True),
        sa.Column("by", sa.String(length=63), nullable=False),
        sa.Column("at", database.columns.Moment(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["signal_id"], ["signals.id"], name=op.f("fk_marks_signal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks")),
    )
    op.create_index(op.f("ix_marks_brand_moment"), "marks", ["brand", "moment"])
