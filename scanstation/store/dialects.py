"""What SQLAlchemy says differently for each database: only that of the database in use is imported."""

from typing import Any

from sqlalchemy import Table


def insert_on(dialect: str, table: Table) -> Any:
    """An INSERT that knows ON CONFLICT, of the database with this name of SQLAlchemy's."""
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as on_sqlite

        return on_sqlite(table)
    from sqlalchemy.dialects.postgresql import insert as on_postgresql

    return on_postgresql(table)
