"""Alembic's entry: migrations run on the connection that `fedcoop.db.migrate` opened."""

from alembic import context

from fedcoop.db import fulltext
from fedcoop.db.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by writing it anew
    compare_type=True,
    include_name=lambda name, _type, _parents: not fulltext.ours(name),
)
with context.begin_transaction():
    context.run_migrations()
