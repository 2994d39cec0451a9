"""The schema of a store: what this version wants, what is there, and what it takes to bring it up to date.

What a new store of this version says of itself is kept beside the migrations, in `schema.json`, so that a store can
be held against it in a moment: a trigger that somebody took away must be noticed before the next scan and not only
by `db check`. `python -m tests.schema_words` writes the file anew; a test holds it against the migrations.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.engine import Connection

from scanstation.domain.codes import visible
from scanstation.domain.language import word, worded

if TYPE_CHECKING:
    from alembic.config import Config

SCHEMA = "0035"
"""The migration this version of the code works with."""

WORDS_FILE = Path(__file__).parent / "migrations" / "schema.json"
_MIGRATIONS = Path(__file__).parent / "migrations"
APPEND_ONLY = (
    "house_serial",
    "import_batch",
    "order_act",
    "product_act",
    "refusal",
    "seal",
    "site_act",
    "unit_event",
)
"""Tables whose rows are never changed."""

_ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")
RIGHTS: Mapping[str, Sequence[str]] = {
    "alembic_version": _ALL[:1],
    **dict.fromkeys((*APPEND_ONLY, "client", "entry_lot", "warehouse"), _ALL[:2]),
    **dict.fromkeys(
        ("badge", "entry", "last_codes", "operator", "operator_role", "orders", "product", "site_auth"), _ALL[:3]
    ),
    **dict.fromkeys(("discrepancy", "lot_hold", "transfer", "transfer_entry"), _ALL[:3]),
    **dict.fromkeys(("transfer_goods", "transfer_unit"), _ALL),
    "expected_list": _ALL[:2],
    "expected_serial": _ALL,
    **dict.fromkeys(("count_line", "count_scan", "count_unit", "stock_count"), _ALL[:3]),
    **dict.fromkeys(("barcode", "boxed_code", "done_act", "store_key"), ("SELECT", "INSERT", "DELETE")),
    **dict.fromkeys(("handover_failure", "handover_message", "handover_target", "outbox"), _ALL),
    **dict.fromkeys(("order_line", "piece", "station_session", "unit", "unit_code", "work", "work_answer"), _ALL),
    **dict.fromkeys(("goods_return", "return_entry", "return_line", "return_piece", "return_work"), _ALL),
}
"""What a station's user of a server must be allowed on each table; no more is needed for anything but `db upgrade`."""
_OF_ONE_ROW = ("site_auth", "store_key")
"""Tables that have one row, whose number is always the same."""
GRANTS = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA … TO …"

_HARMLESS = ("table", "view", "index", "sequence")
"""What a site may have added for itself: nobody reads it, and nothing of ours is changed by it."""

Words = dict[str, str]
"""What a store says of its tables, columns, indexes, triggers: `trigger unit_event_no_delete` → its definition."""


@dataclass(frozen=True, slots=True)
class StoreFinding:
    """Something in a store that does not agree."""

    name: str
    """Which look found it."""
    text: str
    is_foreign: bool = False
    """Something that a site has added, and that changes nothing of ours."""


def migration_config() -> "Config":
    """Alembic's configuration, without an ini file."""
    from alembic.config import Config  # takes half a second

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def migrate(tx: Connection) -> None:
    """Bring a store to this version's schema."""
    from alembic import command

    config = migration_config()
    config.attributes["connection"] = tx
    command.upgrade(config, "head")


def lacking_to_create(tx: Connection) -> StoreFinding | None:
    """What this user of a server lacks for a new store."""
    if tx.dialect.name == "sqlite":
        return None
    user, database, place, may = tx.exec_driver_sql(
        "SELECT quote_ident(current_user), quote_ident(current_database()), quote_ident(place), "
        "coalesce(has_schema_privilege(to_regnamespace(quote_ident(place)), 'CREATE'), false) "
        "FROM (SELECT coalesce(current_schema(), 'public') AS place) AS here"  # none: it may not even use it
    ).one()
    if may:
        return None
    grant = f"GRANT USAGE, CREATE ON SCHEMA {place} TO {user};"
    return StoreFinding(
        "right",
        worded(
            "{user} may not make tables in {database}. Run there: {grant}", user=user, database=database, grant=grant
        ),
    )


def lacking_to_upgrade(tx: Connection) -> StoreFinding | None:
    """Whether this user of a server owns the tables, which no GRANT gives."""
    if tx.dialect.name == "sqlite":
        return None
    user, owner, may = tx.exec_driver_sql(
        "SELECT quote_ident(current_user), quote_ident(pg_get_userbyid(relowner)), pg_has_role(relowner, 'USAGE') "
        "FROM pg_class WHERE oid = to_regclass('alembic_version')"
    ).one()
    if may:
        return None
    return StoreFinding(
        "right", worded("The tables belong to {owner}, and {user} may not change them.", owner=owner, user=user)
    )


def lacking_to_import(tx: Connection) -> StoreFinding | None:
    """What this user of a server lacks for imports: temporary tables."""
    if tx.dialect.name == "sqlite":
        return None
    user, database, may = tx.exec_driver_sql(
        "SELECT quote_ident(current_user), quote_ident(current_database()), "
        "has_database_privilege(current_database(), 'TEMPORARY')"
    ).one()
    if may:
        return None
    grant = f"GRANT TEMPORARY ON DATABASE {database} TO {user};"
    return StoreFinding(
        "right",
        worded("{user} may not make temporary tables, which imports need. Run: {grant}", user=user, grant=grant),
    )


def lacking_rights(tx: Connection) -> list[StoreFinding]:
    """What this user of a server may not do and must, each with the GRANT that mends it; a file has no users."""
    if tx.dialect.name == "sqlite":
        return []
    user, place = tx.exec_driver_sql("SELECT quote_ident(current_user), quote_ident(current_schema())").one()
    findings = []

    def ask(allowed: str, grant: str, may_not: str) -> None:
        if not tx.execute(text(f"SELECT {allowed}")).scalar_one():
            findings.append(
                StoreFinding(
                    "right",
                    worded(
                        "{user} may not {may_not}. Run: GRANT {grant} TO {user};",
                        user=user,
                        may_not=may_not,
                        grant=grant,
                    ),
                )
            )

    if lacking := lacking_to_import(tx):
        findings.append(lacking)
    for table, rights in RIGHTS.items():
        name = f"{place}.{table}"
        for right in rights:
            ask(
                f"coalesce(has_table_privilege(to_regclass('{name}'), '{right}'), true)",
                f"{right} ON {name}",
                word("{right} on {table}", right=right, table=table),
            )
        if "INSERT" in rights:
            ask(
                f"coalesce(has_sequence_privilege(to_regclass('{name}_id_seq'), 'USAGE'), true)",
                f"USAGE ON SEQUENCE {name}_id_seq",
                word("take new numbers for {table}", table=table),
            )
    if tx.exec_driver_sql("SHOW default_transaction_read_only").scalar_one() == "on":
        may_not = worded(
            "{user} may only read here. Run: ALTER ROLE {user} SET default_transaction_read_only = off;", user=user
        )
        findings.append(StoreFinding("right", may_not))
    return findings


def grants(tx: Connection, role: str) -> list[str]:
    """SQL by which the owner of a server's store lets a role run stations, and no more."""
    place, database, user = tx.execute(
        text("SELECT quote_ident(current_schema()), quote_ident(current_database()), quote_ident(:role)"),
        {"role": role},
    ).one()
    lines = [
        f"-- CREATE ROLE {user} LOGIN;  -- and a password with \\password, where it has none yet",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {user};",
        f"GRANT USAGE ON SCHEMA {place} TO {user};",
    ]
    for table, rights in RIGHTS.items():
        lines.append(f"REVOKE ALL ON {place}.{table} FROM {user};")
        lines.append(f"GRANT {', '.join(rights)} ON {place}.{table} TO {user};")
        sequence = tx.execute(text("SELECT to_regclass(:name)"), {"name": f"{place}.{table}_id_seq"}).scalar_one()
        if "INSERT" in rights and sequence is not None:
            lines.append(f"GRANT USAGE ON SEQUENCE {place}.{table}_id_seq TO {user};")
    return lines


def versions(tx: Connection) -> list[str]:
    """What stands in a store's table of migrations: one version, unless somebody has had a hand in it."""
    return [*tx.execute(text("SELECT version_num FROM alembic_version ORDER BY version_num")).scalars()]


def differences(tx: Connection) -> list[StoreFinding]:
    """What of a store of this version is not as ScanStation makes it: missing, changed, switched off, added."""
    return [*compared(tx.dialect.name, words(tx)), *_switched_off(tx), *_slipped_under(tx)]


def compared(dialect: str, there: Words) -> list[StoreFinding]:
    """What a store says of itself, against what a new one of this version says."""
    wanted = _wanted(dialect, WORDS_FILE)
    findings = []
    for key in sorted(wanted.keys() | there.keys(), key=_weight):
        kind, _, name = key.partition(" ")
        if "." in name and f"table {name.partition('.')[0]}" not in wanted:
            continue  # of a table that is none of ours: it is named itself
        if key not in there:
            findings.append(
                StoreFinding(f"{kind}-missing", worded("The {kind} {name} is missing.", kind=kind, name=name))
            )
        elif key not in wanted:
            told = worded("The {kind} {name} is not one of ScanStation's.", kind=kind, name=visible(name))
            findings.append(StoreFinding("schema", told, is_foreign=kind in _HARMLESS))
        elif wanted[key] != there[key]:
            findings.append(
                StoreFinding(
                    "schema", worded("The {kind} {name} is not as ScanStation makes it.", kind=kind, name=name)
                )
            )
    return findings


_GRAVEST_FIRST = ("table", "column", "trigger", "function", "rule", "constraint", "index", "view")


def _weight(key: str) -> tuple[int, str]:
    kind = key.partition(" ")[0]
    return (_GRAVEST_FIRST.index(kind) if kind in _GRAVEST_FIRST else len(_GRAVEST_FIRST)), key


@cache
def _wanted(dialect: str, file: Path) -> Words:
    of_all: dict[str, Words] = json.loads(file.read_text(encoding="utf-8"))
    return of_all[dialect]


def numbers_used(tx: Connection) -> list[StoreFinding]:
    """Tables of a server whose next number is in use already: somebody has set a sequence back."""
    if tx.dialect.name == "sqlite":
        return []  # which takes the number after the last
    place = tx.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    known = _wanted(tx.dialect.name, WORDS_FILE)
    numbered = [table for table in RIGHTS if f"sequence {table}_id_seq" in known and table not in _OF_ONE_ROW]
    used = " UNION ALL ".join(
        f"SELECT '{table}' WHERE (SELECT max(id) FROM {table}) > "  # noqa: S608 - names of our own
        f"coalesce(pg_sequence_last_value('{place}.{table}_id_seq'), 0)"
        for table in numbered
    )
    findings = []
    for (table,) in tx.exec_driver_sql(used):
        mend = f"setval('{table}_id_seq', (SELECT max(id) FROM {table}))"  # noqa: S608 - told, not run
        told = worded("The next number for {table} is in use: its sequence was set back.", table=table)
        findings.append(
            StoreFinding("sequence", worded("{told} As the store's owner, run: SELECT {mend};", told=told, mend=mend))
        )
    return findings


def words(tx: Connection) -> Words:
    """What a store says of itself, in the words of its database."""
    if tx.dialect.name == "sqlite":
        return words_of_file([(row[0], row[1], row[2]) for row in tx.exec_driver_sql(SELECT_WORDS)])
    return dict(_words_of_server(tx))


SELECT_WORDS = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"


def words_of_file(rows: Iterable[Sequence[str]]) -> Words:
    """A file's words, from the rows of `SELECT_WORDS`."""
    return {f"{kind} {name}": sql for kind, name, sql in rows}


_OF_SERVER = """
WITH place AS (SELECT oid, nspname FROM pg_namespace WHERE nspname = current_schema()),
     ours AS (SELECT c.oid, c.relname, c.relrowsecurity FROM pg_class c JOIN place ON place.oid = c.relnamespace
              WHERE c.relkind IN ('r', 'p'))
SELECT 'table ' || relname, CASE WHEN relrowsecurity THEN 'with row security' ELSE '' END FROM ours
UNION ALL
SELECT 'view ' || relname, '' FROM pg_class c JOIN place ON place.oid = c.relnamespace WHERE relkind IN ('v', 'm', 'f')
UNION ALL
SELECT 'column ' || relname || '.' || attname, format_type(atttypid, atttypmod)
       || CASE WHEN attnotnull THEN ' not null' ELSE '' END
       || CASE WHEN atthasdef THEN ' default ' || pg_get_expr(d.adbin, d.adrelid) ELSE '' END
       || CASE WHEN attidentity <> '' THEN ' identity' ELSE '' END
FROM ours JOIN pg_attribute a ON attrelid = ours.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = ours.oid AND d.adnum = a.attnum
UNION ALL
SELECT 'constraint ' || relname || '.' || conname, pg_get_constraintdef(k.oid)
FROM ours JOIN pg_constraint k ON conrelid = ours.oid AND contype IN ('c', 'f', 'p', 'u', 'x')
UNION ALL
SELECT 'index ' || i.relname, pg_get_indexdef(i.oid) || CASE WHEN indisvalid THEN '' ELSE ' invalid' END
FROM ours JOIN pg_index x ON x.indrelid = ours.oid JOIN pg_class i ON i.oid = x.indexrelid
UNION ALL
SELECT 'sequence ' || s.relname, format_type(seqtypid, NULL) || ' from ' || seqstart || ' by ' || seqincrement
       || ' between ' || seqmin || ' and ' || seqmax || ', ' || seqcache || ' at once'
       || CASE WHEN seqcycle THEN ', and again' ELSE '' END
       || coalesce((SELECT ' of ' || ours.relname FROM pg_depend d JOIN ours ON ours.oid = refobjid
                    WHERE d.objid = s.oid AND d.classid = 'pg_class'::regclass AND deptype IN ('a', 'i')), '')
FROM pg_sequence q JOIN pg_class s ON s.oid = seqrelid JOIN place ON place.oid = s.relnamespace
UNION ALL
SELECT 'trigger ' || relname || '.' || tgname, pg_get_triggerdef(t.oid)
FROM ours JOIN pg_trigger t ON tgrelid = ours.oid AND NOT tgisinternal
UNION ALL
SELECT 'rule ' || relname || '.' || rulename, pg_get_ruledef(w.oid)
FROM ours JOIN pg_rewrite w ON ev_class = ours.oid
UNION ALL
SELECT 'function ' || proname, lanname || ' ' || prosrc || CASE WHEN prosecdef THEN ' as its owner' ELSE '' END
       || coalesce(' set ' || array_to_string(proconfig, ' '), '')
FROM pg_proc p JOIN place ON place.oid = p.pronamespace JOIN pg_language g ON g.oid = prolang
WHERE proname = 'refuse_change'
"""


def _words_of_server(tx: Connection) -> Iterator[tuple[str, str]]:
    place = tx.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    for key, said in tx.exec_driver_sql(_OF_SERVER):
        yield key, said.replace(f"{place}.", "")


def _switched_off(tx: Connection) -> Iterator[StoreFinding]:
    """A server's triggers can be there and yet not run."""
    if tx.dialect.name == "sqlite":
        return
    if (role := tx.exec_driver_sql("SHOW session_replication_role").scalar_one()) != "origin":
        yield StoreFinding(
            "trigger-off",
            worded("No trigger runs here: session_replication_role is {role} and must be origin.", role=role),
        )
    rows = tx.exec_driver_sql(
        "SELECT DISTINCT relname, CASE WHEN tgisinternal THEN '' ELSE tgname END FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = tgrelid JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE nspname = current_schema() AND tgenabled NOT IN ('O', 'A') ORDER BY 1, 2"
    )
    for table, trigger in rows:
        finding_text = (
            worded("The trigger {table}.{trigger} is switched off.", table=visible(table), trigger=visible(trigger))
            if trigger
            else worded("The foreign keys of {table} are switched off.", table=table)
        )
        yield StoreFinding("trigger-off", finding_text)


def _slipped_under(tx: Connection) -> Iterator[StoreFinding]:
    """On a server, what changes the answers of our statements without a change of a table of ours."""
    if tx.dialect.name == "sqlite":
        return
    for child, parent in tx.exec_driver_sql(
        "SELECT inhrelid::regclass::text, c.relname FROM pg_inherits JOIN pg_class c ON c.oid = inhparent "
        "JOIN pg_namespace n ON n.oid = c.relnamespace AND nspname = current_schema() ORDER BY 1"
    ):
        yield StoreFinding(
            "schema",
            worded("The table {child} adds its rows to those of {parent}.", child=visible(child), parent=parent),
        )
    for (function,) in tx.exec_driver_sql(
        "SELECT DISTINCT p.proname FROM pg_proc p "
        "JOIN pg_namespace n ON n.oid = p.pronamespace AND nspname = current_schema() "
        "WHERE EXISTS (SELECT FROM pg_proc own WHERE own.proname = p.proname "
        "AND own.pronamespace = 'pg_catalog'::regnamespace) ORDER BY 1"
    ):
        yield StoreFinding(
            "schema", worded("The function {function} can stand in for PostgreSQL's own.", function=visible(function))
        )
