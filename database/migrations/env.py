"""Alembic's entry: runs revisions on the connection that database.migrating hands over."""

from alembic import context

from database import (
    access_tables,
    detection_tables,
    drill_tables,
    response_tables,
    token_tables,
    view_tables,
    word_tables,
)
from database.tables import MentionRow

# What is known of tables is what was imported.
for part in (
    access_tables.AccountRow,
    detection_tables.PastRow,
    drill_tables.DrillRow,
    response_tables.IncidentRow,
    token_tables.TokenRow,
    view_tables.ViewRow,
    word_tables.MentionWordsRow,
):
    assert part.metadata is MentionRow.metadata  # noqa: S101  # all are to be migrated
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=MentionRow.metadata,
    # SQLite cannot alter most of a table: changes are made on a copy.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
