"""drills."""

import sqlalchemy as sa
from alembic import op

import database.columns

revision = "0006"
down_revision = "0005"

COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "drills",
        sa.Column("number", COUNT, nullable=False),
        sa.Column("brand", sa.String(length=63), nullable=False),
        sa.Column("scenario", sa.String(length=63), nullable=False),
        sa.Column("started_by", sa.String(length=63), nullable=False),
        sa.Column("started_at", database.columns.Moment(timezone=True), nullable=False),
        sa.Column("finished_at", database.columns.Moment(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_drills")),
    )
