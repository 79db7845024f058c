"""proposals."""

import sqlalchemy as sa
from alembic import op

import database.columns

revision = "0011"
down_revision = "0010"

COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = database.columns.Moment(timezone=True)


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "proposals",
        sa.Column("incident_id", COUNT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("program", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=63), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.String(length=63), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("declined_because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_proposals_incident_id")),
        sa.PrimaryKeyConstraint("incident_id", "number", name=op.f("pk_proposals")),
    )
