"""saved views of the mentions."""

import sqlalchemy as sa
from alembic import op

import database.columns

revision = "0008"
down_revision = "0007"

COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "views",
        sa.Column("id", COUNT, nullable=False),
        sa.Column("person", sa.String(length=63), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("created_at", database.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_views")),
        sa.UniqueConstraint("person", "folded", name=op.f("uq_views_person_folded")),
    )
    op.create_table(
        "view_looks",
        sa.Column("view_id", COUNT, nullable=False),
        sa.Column("person", sa.String(length=63), nullable=False),
        sa.Column("newest", COUNT, nullable=False),
        sa.Column("at", database.columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["view_id"], ["views.id"], name=op.f("fk_view_looks_view_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("view_id", "person", name=op.f("pk_view_looks")),
    )
