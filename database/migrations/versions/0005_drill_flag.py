"""the flag of incidents that are rehearsed."""

import sqlalchemy as sa
from alembic import op

revision = "0005_drill_flag"
down_revision = "0004"


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("incidents", sa.Column("drill", sa.Boolean(), nullable=False, server_default=sa.false()))
