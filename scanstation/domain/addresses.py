"""Addresses of stores: what is wrong with one, and how it is shown to people, who are never shown a password."""

import re
from urllib.parse import parse_qsl, unquote

from scanstation.domain.codes import visible
from scanstation.domain.language import said_later, word

_SERVER = re.compile(r"postgresql(?:\+psycopg)?://", re.IGNORECASE)
_SECRETS = ("password", "sslpassword", "passwd", "pwd")
_SHOWN = ("host", "port")
_OF_LIBPQ = re.compile(
    "host(addr)?|port|passfile|requirepeer|service|options|(fallback_)?application_name|target_session_attrs"
    "|load_balance_hosts|require_auth|channel_binding|connect_timeout|tcp_user_timeout|keepalives(_idle|_interval|_count)?"
    "|(ssl_)?(min|max)_protocol_version|ssl(mode|negotiation|compression|cert|key|certmode|rootcert|crl|crldir|sni)"
    "|krbsrvname|gss(encmode|lib|delegation)"
)
"""What may follow the ? of a server's address. Others are the driver's: `autocommit` would end each transaction."""
_WHERE_IT_BELONGS = said_later("put it into ~/.pgpass, or into PGPASSWORD of the environment")


def address_fault(url: str) -> str | None:
    """What is wrong with a store's address, without showing any of it; None where nothing is.

    A sentence's end, to follow `must be` or `is refused:`. A server's address is `postgresql://USER@HOST:PORT/DATABASE`,
    with several hosts as libpq writes them: `USER@HOST:PORT,HOST:PORT/DATABASE?target_session_attrs=read-write`.
    """
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        return word("sqlite:///FILE; a store in memory would lose everything") if url.endswith("/:memory:") else None
    if not (scheme := _SERVER.match(url)) or len(url) == scheme.end():
        return word("sqlite:///FILE or postgresql://USER@HOST/DATABASE")
    rest, _, query = url[scheme.end() :].partition("?")
    authority, _, database = rest.partition("/")
    parameters = parse_qsl(query, keep_blank_values=True)
    if secret := next((key for key, _ in parameters if key.lower() in _SECRETS), None):
        return word(
            "an address without “{secret}”, which every list of processes would show: {way}",
            secret=secret,
            way=word(_WHERE_IT_BELONGS),
        )
    cut_short = ":" in authority and "@" not in authority
    if authority.count("@") > 1 or "@" in database or (cut_short and "@" in query):
        return word("an address whose password has no @, / or ? as they are: write %40 for @, %2F for / and %3F for ?")
    hosts = authority.rpartition("@")[2].split(",")
    if len(hosts) > 1 and not all(hosts):
        return word("an address whose hosts are separated by one comma each")
    return next((fault for host in hosts if (fault := _host_fault(host))), None) or _parameter_fault(parameters)


def _parameter_fault(parameters: list[tuple[str, str]]) -> str | None:
    keys = [key for key, _ in parameters]
    for key, value in parameters:
        if not _OF_LIBPQ.fullmatch(key):
            return word(
                "an address without “{key}”, which is no parameter of libpq's that a station may need", key=visible(key)
            )
        if key not in _SHOWN and keys.count(key) > 1:
            return word("an address with “{key}” once", key=key)
        if key == "port" and not all(map(_is_port, value.split(","))):
            return word(_A_PORT)
    return None


def several_hosts(url: str) -> tuple[str, tuple[str, ...]]:
    """A server's address without its hosts, and the hosts, where it names several; else the address as it is."""
    scheme, separator, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    account, at, place = authority.rpartition("@")
    if not separator or "," not in place:
        return url, ()
    return f"{scheme}{separator}{account}{at}{slash}{path}", tuple(place.split(","))


def _host_fault(host: str) -> str | None:
    name, separator, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    if not separator:
        return None
    if (":" in name or "[" in name) and not (name.startswith("[") and name.endswith("]")):
        return word("an address with [ ] around an IPv6 host")
    return None if _is_port(port) else word(_A_PORT)


_A_PORT = said_later("an address whose port is a number from 1 to 65535")


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text) < 65_536


def shown_address(url: str) -> str:
    """A store's address as people may read it: a file's path, or user, host and database of a server.

    What stands where a password may stand is left out, whatever else is wrong with the address.
    """
    if url.startswith("sqlite:///"):
        return url.removeprefix("sqlite:///")
    scheme, separator, rest = url.partition("://")
    if not separator:
        return url
    rest, _, query = rest.partition("?")
    account, at, place = rest.rpartition("@")
    user = account.partition(":")[0] if account.partition(":")[0].isprintable() else ""
    if not at and ":" in place.partition("/")[0] and address_fault(url):
        place = "…"  # a password whose @ is missing looks like a port
    kept = ", ".join(unquote(value) for key, value in parse_qsl(query) if key in _SHOWN)
    return f"{scheme.partition('+')[0]}://{user}{at}{place}{f' at {kept}' if kept else ''}"
