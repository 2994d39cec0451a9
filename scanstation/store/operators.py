"""Operators, their badges, and whether people sign in. What is changed of them is kept, by `_note` alone."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.engine import Connection, Row

from scanstation.domain.codes import code_key
from scanstation.domain.operators import ROLES, Operator, Right, Standing, rights_of
from scanstation.domain.units import Stamp
from scanstation.store import acts
from scanstation.store import tables as t
from scanstation.store.open_seals import IN_INFO, OpenSeal
from scanstation.store.statements import Statement

_THE_ROW = 1
CHANGED = "Operators:"
"""How the acts begin that change operators, roles, badges or sign-in."""


def standing(tx: Connection, operator_id: int | None) -> Standing:
    """How the site stands to whoever has signed in; read by every act, under its lock."""
    row = _STANDING.first(tx, {"the_operator": operator_id})
    if row is None or not row.sign_in_since:
        return Standing("")
    return Standing(row.sign_in_since, _operator(row, roles(tx)) if row.name is not None else None)


def standing_in_act(tx: Connection, operator_id: int | None) -> Standing:
    """The same as it stood when an act first asked: it may need it once more for what it says."""
    seal: OpenSeal | None = tx.info.get(IN_INFO)
    if seal is None:
        return standing(tx, operator_id)
    if seal.standing is None or seal.standing[0] != operator_id:
        seal.standing = (operator_id, standing(tx, operator_id))
    read: Standing = seal.standing[1]
    return read


def roles(tx: Connection) -> dict[str, frozenset[Right]]:
    """All roles by their names, those of the site after those that are there from the start."""
    rows = tx.execute(select(t.operator_role).order_by(t.operator_role.c.name))
    return {**ROLES, **{row.name: _rights(row.rights) for row in rows}}


def listed(tx: Connection) -> list[Operator]:
    """All operators by name."""
    known, now = roles(tx), _badge_counts(tx)
    rows = tx.execute(select(t.operator).order_by(t.operator.c.name_key))
    return [_operator(row, known, now.get(row.id, 0)) for row in rows]


def named(tx: Connection, name: str) -> Operator | None:
    """The operator of a name."""
    row = tx.execute(select(t.operator).where(t.operator.c.name_key == code_key(name))).one_or_none()
    return _operator(row, roles(tx), _badge_counts(tx).get(row.id, 0)) if row else None


def of_badge(tx: Connection, code_hash: str, now: str) -> tuple[Operator, str] | None:
    """Whose badge this is, and until when it is good ('' for ever); None where it is good no more, or never was."""
    row = tx.execute(
        select(t.operator, t.badge.c.until)
        .join(t.badge, t.badge.c.operator_id == t.operator.c.id)
        .where(t.badge.c.code_hash == code_hash, _is_good(now), ~t.operator.c.is_disabled)
    ).one_or_none()
    return (_operator(row, roles(tx)), row.until) if row else None


# What a supervisor changes


def add(tx: Connection, operator: Operator, stamp: Stamp) -> int:
    """A new operator; its id."""
    new_id: int = tx.execute(
        insert(t.operator)
        .values(name=operator.name, name_key=code_key(operator.name), **_stored(operator))
        .returning(t.operator.c.id)
    ).scalar_one()
    _note(tx, operator.name, "added", "", _told(operator), stamp)
    if operator.language:
        _note(tx, operator.name, "language", "", operator.language, stamp)
    if operator.pin:
        _note(tx, operator.name, "PIN", "", "set", stamp)
    return new_id


def change(tx: Connection, before: Operator, after: Operator, stamp: Stamp) -> None:
    """Give an operator other rights or another PIN, disable it or let it in again."""
    tx.execute(update(t.operator).where(t.operator.c.id == before.id).values(**_stored(after)))
    if _told(before) != _told(after):
        _note(tx, before.name, "rights", _told(before), _told(after), stamp)
    if before.pin != after.pin:
        _note(tx, before.name, "PIN", "set" if before.pin else "", "set" if after.pin else "", stamp)
    if before.language != after.language:
        _note(tx, before.name, "language", before.language, after.language, stamp)
    if before.is_disabled != after.is_disabled:
        words = {True: "disabled", False: "enabled"}
        _note(tx, before.name, "state", words[before.is_disabled], words[after.is_disabled], stamp)


def set_role(tx: Connection, name: str, rights: frozenset[Right], stamp: Stamp) -> None:
    """Name a set of rights, or change the rights that a name stands for."""
    before = tx.execute(select(t.operator_role).where(t.operator_role.c.name == name)).one_or_none()
    if before is None:
        tx.execute(insert(t.operator_role).values(name=name, rights=_joined(rights)))
    else:
        tx.execute(update(t.operator_role).where(t.operator_role.c.id == before.id).values(rights=_joined(rights)))
    _note(tx, name, "role", before.rights if before else "", _joined(rights), stamp)


def add_badge(tx: Connection, operator: Operator, code_hash: str, until: str, stamp: Stamp) -> None:
    """A new badge. One that is good for ever is the only such: those before it are withdrawn."""
    if not until:
        withdraw_badges(tx, operator, stamp)
    tx.execute(insert(t.badge).values(operator_id=operator.id, code_hash=code_hash, until=until, is_withdrawn=False))
    _note(tx, operator.name, "badge", "", f"until {until}" if until else "printed", stamp)


def withdraw_badges(tx: Connection, operator: Operator, stamp: Stamp) -> int:
    """No badge of an operator is good any more; how many were."""
    count = tx.execute(
        update(t.badge).where(t.badge.c.operator_id == operator.id, _is_good(stamp.at)).values(is_withdrawn=True)
    ).rowcount
    if count:
        _note(tx, operator.name, "badge", str(count), "withdrawn", stamp)
    return count


def turn_sign_in(tx: Connection, *, on: bool, stamp: Stamp) -> None:
    """Let nobody work here who has not signed in, or everybody again."""
    since = stamp.at if on else ""
    tx.execute(update(t.site_auth).values(sign_in_since=since))
    words = {True: "on", False: "off"}
    _note(tx, "sign-in", "sign-in", words[not on], words[on], stamp)


def unlocked(tx: Connection, stamp: Stamp) -> None:
    """The owner of the store lets PINs be tried again at once."""
    _note(tx, "sign-in", "wrong PINs", str(tries(tx)[0]), "forgotten", stamp)
    tx.execute(update(t.site_auth).values(failures=0))


def owns_tables(tx: Connection) -> bool:
    """Does this user of a server own the store there? Of a file its owner is asked."""
    return bool(
        tx.exec_driver_sql(
            "SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE oid = 'operator'::regclass"
        ).scalar_one()
    )


def _note(tx: Connection, subject: str, what: str, was: str, became: str, stamp: Stamp) -> None:
    """Keep what was changed, sealed like every act: the one place that writes it."""
    acts.note(tx, f"{CHANGED} {what}", subject, stamp, was=was, became=became)


# The site's key, and PINs that were wrong


def key_name(tx: Connection) -> str:
    """The name of the site's key; '' where there is no operator yet."""
    return tx.execute(select(t.site_auth.c.key_name)).scalar_one_or_none() or ""


def begin(tx: Connection, name: str) -> None:
    """Before the first operator: keep by what name the site's key is known."""
    tx.execute(insert(t.site_auth).values(id=_THE_ROW, sign_in_since="", key_name=name, failures=0, failed_at=""))


def tries(tx: Connection) -> tuple[int, str]:
    """How many tries at all stations were wrong, and when the last of them was."""
    row = tx.execute(select(t.site_auth.c.failures, t.site_auth.c.failed_at)).one_or_none()
    return (row.failures, row.failed_at) if row else (0, "")


def count_try(tx: Connection, failures: int, at: str) -> None:
    """Count a try at a PIN as wrong, before anybody knows whether it is: who asks many at once gains nothing."""
    tx.execute(update(t.site_auth).values(failures=failures, failed_at=at))


def take_back_try(tx: Connection) -> None:
    """It was right. Others that were wrong still count: whoever knows one PIN must not try another for nothing."""
    tx.execute(update(t.site_auth).where(t.site_auth.c.failures > 0).values(failures=t.site_auth.c.failures - 1))


def _is_good(now: str) -> Any:
    return (~t.badge.c.is_withdrawn) & or_(t.badge.c.until == "", t.badge.c.until > now)


def _badge_counts(tx: Connection) -> Mapping[int, int]:
    """Badges that were printed to be good for ever and still are: operator id → how many."""
    rows = tx.execute(
        select(t.badge.c.operator_id, func.count())
        .where(~t.badge.c.is_withdrawn, t.badge.c.until == "")
        .group_by(t.badge.c.operator_id)
    )
    return dict(rows.all())


def _operator(row: Row[Any], known: Mapping[str, frozenset[Right]], badges: int = 0) -> Operator:
    its_roles = tuple(row.roles.split(";")) if row.roles else ()
    extra = _rights(row.rights)
    return Operator(
        id=row.id,
        name=row.name,
        roles=its_roles,
        extra=extra,
        rights=rights_of(its_roles, extra, known),
        is_service=bool(row.is_service),
        is_disabled=bool(row.is_disabled),
        language=row.language,
        pin=row.pin,
        badges=badges,
    )


def _stored(operator: Operator) -> dict[str, Any]:
    return {
        "is_service": operator.is_service,
        "is_disabled": operator.is_disabled,
        "roles": ";".join(operator.roles),
        "rights": _joined(operator.extra),
        "language": operator.language,
        "pin": operator.pin,
    }


def _told(operator: Operator) -> str:
    """Roles and rights, as the history has them."""
    return ", ".join([*operator.roles, *sorted(operator.extra)]) or "none"


def _joined(rights: Iterable[Right]) -> str:
    return ";".join(sorted(rights))


def _rights(text: str) -> frozenset[Right]:
    """Rights that this version knows; one of a newer one gives nothing."""
    known = {right.value for right in Right}
    return frozenset(Right(word) for word in text.split(";") if word in known)


# Run by every act, so built once.
_STANDING = Statement(
    select(t.site_auth.c.sign_in_since, t.operator).outerjoin(t.operator, t.operator.c.id == bindparam("the_operator"))
)
