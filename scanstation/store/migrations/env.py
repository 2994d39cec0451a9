"""Runs migrations on the connection that `upkeep.migrate` hands in."""

from alembic import context

from scanstation.store.models import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
