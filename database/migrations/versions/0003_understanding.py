"""understanding."""

import sqlalchemy as sa
from alembic import op

import database.columns

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "forgotten",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", database.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_forgotten")),
    )
    op.create_table(
        "corrections",
        sa.Column("mention_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand", sa.String(length=63), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=63), nullable=False),
        sa.Column("at", database.columns.Moment(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mentions.id"], name=op.f("fk_corrections_mention_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mention_id", "brand", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_brand_at"), "corrections", ["brand", "at"])

    op.create_table(
        "tags",
        sa.Column("mention_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand", sa.String(length=63), nullable=False),
        sa.Column("kind", sa.String(length=63), nullable=False),
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("published_at", database.columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id", "brand"],
            ["brand_mentions.mention_id", "brand_mentions.brand"],
            name=op.f("fk_tags_mention_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mention_id", "brand", "kind", "name", name=op.f("pk_tags")),
    )
    op.create_index(op.f("ix_tags_brand_kind_name_published_at"), "tags", ["brand", "kind", "name", "published_at"])

    op.create_index(
        op.f("ix_brand_mentions_brand_author_source_published_at"),
        "brand_mentions",
        ["brand", "author", "source", "published_at"],
    )

    op.add_column("mentions", sa.Column("erased_at", database.columns.Moment(timezone=True), nullable=True))
    op.create_index(
        "ix_mentions_to_erase",
        "mentions",
        ["published_at"],
        sqlite_where=sa.text("erased_at IS NULL"),
        postgresql_where=sa.text("erased_at IS NULL"),
    )
