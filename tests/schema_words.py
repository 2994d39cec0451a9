"""What a new store says of itself, in both databases. `python -m tests.schema_words` keeps it by the migrations."""

import json
import tempfile
from pathlib import Path

from scanstation.store import schema
from scanstation.store.engine import APPLICATION_ID, Use, build_engine
from tests import table_words
from tests.postgresql import Server, running_server


def words_of_new_stores(server: Server, folder: Path) -> dict[str, schema.Words]:
    """By the migrations alone, never by the file that they are held against."""
    name = server.new_database()
    found = {}
    try:
        for dialect, url in (("sqlite", f"sqlite:///{folder / 'new.db'}"), ("postgresql", server.url(name))):
            engine = build_engine(url, Use.CREATE)
            with engine.begin() as tx:
                if dialect == "sqlite":
                    tx.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
                schema.migrate(tx)
                found[dialect] = schema.words(tx)
            engine.dispose()
    finally:
        server.drop_database(name)
    return found


def main() -> None:
    """Write the file, and the tables as statements need them."""
    table_words.main()
    with running_server() as server, tempfile.TemporaryDirectory() as folder:
        found = words_of_new_stores(server, Path(folder))
    schema.WORDS_FILE.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
