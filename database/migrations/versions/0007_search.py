"""search."""

import sqlalchemy as sa
from alembic import op

from database.word_tables import INDEX, TOKENS, Words
from database.words import keep_words

revision = "0007"
down_revision = "0006"

COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT_ONCE = 5_000
# As https://www.sqlite.org/fts5.html#external_content_tables has them.
FORGET = f"INSERT INTO {INDEX}({INDEX}, rowid, words) VALUES ('delete', old.mention_id, old.words);"  # noqa: S608
LEARN = f"INSERT INTO {INDEX}(rowid, words) VALUES (new.mention_id, new.words);"  # noqa: S608
TRIGGERS = {"INSERT": LEARN, "DELETE": FORGET, "UPDATE": FORGET + LEARN}


def upgrade() -> None:
    """Bring the tables forward, and give every mention that is there its words."""
    op.create_table(
        "mention_words",
        sa.Column("mention_id", COUNT, nullable=False),
        sa.Column("words", Words(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mentions.id"], name=op.f("fk_mention_words_mention_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mention_id", name=op.f("pk_mention_words")),
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _lay_index()
    _fill(connection)
    if connection.dialect.name != "sqlite":
        op.create_index(INDEX, "mention_words", ["words"], postgresql_using="gin")


def _lay_index() -> None:
    content = "content=mention_words, content_rowid=mention_id, columnsize=0"
    op.execute(f'CREATE VIRTUAL TABLE {INDEX} USING fts5(words, {content}, tokenize="{TOKENS}")')
    for event, doing in TRIGGERS.items():
        name = f"{INDEX}_on_{event.lower()}"
        op.execute(f"CREATE TRIGGER {name} AFTER {event} ON mention_words BEGIN {doing} END")


def _fill(connection: sa.Connection) -> None:
    mentions = sa.table("mentions", sa.column("id"))
    last = 0
    while (
        ids := connection.execute(
            sa.select(mentions.c.id).where(mentions.c.id > last).order_by(mentions.c.id).limit(AT_ONCE)
        )
        .scalars()
        .all()
    ):
        keep_words(connection, ids)
        last = ids[-1]
