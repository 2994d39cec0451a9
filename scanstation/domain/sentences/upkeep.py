"""Why the store's upkeep is refused: making, copying, backing up, restoring."""

from scanstation.domain.codes import visible
from scanstation.domain.outcome import Reason, Refused
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.store_errors import StoreError

_TEXTS = Texts(
    {
        "store-error": "{title} {hint}",
        "target-not-empty": "There is a store with something in it at {where}. Nothing was copied.",
        "same-store": "That is the store itself. Give another address with --to.",
        "stations-open": "Stations are open in this store: {names}. Close them, then copy it.",
        "not-the-same": "The copy was thrown away: {difference}. Tell who looks after the database.",
        "server": "A store on PostgreSQL is copied by PostgreSQL's own tools. "
        "Back it up: pg_dump --format=custom --file={file} {address} · Put it back: pg_restore --clean --if-exists "
        "--single-transaction --dbname={address} {file}",
        "file-exists": "There is something at {file_name} already. Choose another name.",
        "store-exists": "There is a store at {where} already. Nothing was changed.",
        "same-file/store": "{file_name} is the store itself. Name a backup of it.",
        "newer-backup": "{file_name} was made by a newer ScanStation (schema {schema}, known here: {known}). "
        "Install that one first.",
    }
)


def store_refuses(reason: str, error: StoreError) -> Refused:
    """What a store's own error says, as the refusal of an act."""
    return _TEXTS.refused("store-error", reason=reason, title=error.title, hint=error.hint)


def target_is_not_empty(where: str) -> Refused:
    """Copying to a place where something is."""
    return _TEXTS.refused("target-not-empty", where=where)


def same_store() -> Refused:
    """Copying a store to itself."""
    return _TEXTS.refused("same-store")


def stations_are_open(names: str) -> Reason:
    """Copying a store that is worked on."""
    return _TEXTS.reason("stations-open", names=names)


def copy_differs(difference: object) -> Refused:
    """A copy that is not the same; in what follows."""
    return _TEXTS.refused("not-the-same", difference=difference)


def server_has_its_tools(file: str, address: str) -> Refused:
    """A backup of a store on a server."""
    return _TEXTS.refused("server", file=file, address=address)


def file_is_there(file_name: str) -> Refused:
    """Writing where something is."""
    return _TEXTS.refused("file-exists", file_name=visible(file_name))


def store_is_there(where: str) -> Refused:
    """Making a store where one is."""
    return _TEXTS.refused("store-exists", where=where)


def store_is_no_backup(file_name: str) -> Refused:
    """Restoring a store from itself."""
    return _TEXTS.refused("same-file/store", file_name=visible(file_name))


def newer_backup(*, file_name: str, schema: str, known: str) -> Refused:
    """A backup of a newer program."""
    return _TEXTS.refused("newer-backup", file_name=visible(file_name), schema=schema, known=known)
