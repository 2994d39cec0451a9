"""The tables as statements need them. `python -m tests.table_words` keeps `store/tables.py` by `store/models.py`."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Column, Table
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from scanstation.store import models

FILE = Path(models.__file__).with_name("tables.py")
_HEAD = '''"""What statements know of the tables. Written by `python -m tests.table_words` from `models`.

The models take longer to import than SQLAlchemy itself, and only migrations need what stands there alone.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, MetaData, Table, Text

from scanstation.store.open_seals import seal_of_act

metadata = MetaData()
'''


def words() -> str:
    """The module, as the models would have it."""
    sources = [_HEAD, *map(_table, models.metadata.tables.values())]
    return subprocess.run(
        [sys.executable, "-m", "ruff", "format", "-q", "--stdin-filename", FILE, "-"],
        input="\n".join(sources),
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def _table(table: Table) -> str:
    columns = ", ".join(f"Column({', '.join(_of_column(column))})" for column in table.columns)
    return f'{table.name} = Table("{table.name}", metadata, {columns},)'


def _of_column(column: Column[object]) -> Iterator[str]:
    yield f'"{column.name}", {type(column.type).__name__}'
    for key in column.foreign_keys:
        yield f'ForeignKey("{key.target_fullname}")'
    if column.primary_key:
        yield "primary_key=True"
    elif not column.nullable:
        yield "nullable=False"
    if isinstance(column.default, ScalarElementColumnDefault):
        yield f"default={column.default.arg!r}"
    elif column.default is not None:
        assert isinstance(column.default, CallableColumnDefault)
        yield f'default=seal_of_act("{column.table.name}")'


def main() -> None:
    """Write the file."""
    FILE.write_text(words(), encoding="utf-8")


if __name__ == "__main__":
    main()
