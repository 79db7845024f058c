"""Alembic's entry: runs revisions on the connection that database.migrating hands over."""

from alembic import context

from database.tables import MentionRow

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=MentionRow.metadata,
    # SQLite cannot alter most of a table: changes are made on a copy.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
