"""Upkeep of a store: bringing its schema up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from scanstation.store.store import Store

_MIGRATIONS = Path(__file__).parent / "migrations"


def migration_config() -> Config:
    """Alembic's configuration, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def migrate(store: Store) -> None:
    """Bring a store to this version's schema, in one transaction."""
    config = migration_config()
    with store.engine.begin() as tx:
        config.attributes["connection"] = tx
        command.upgrade(config, "head")
