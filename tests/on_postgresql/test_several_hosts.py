"""An address with several hosts: the one that is there, and takes writes, is used; bad ones are refused in words."""

import os
import socket
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from psycopg import sql

from scanstation.domain.store_errors import StoreForbidden, StoreUnreachable
from scanstation.store.store import open_store
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.cut_line import cut_line
from tests.postgresql import Server


def socket_of(server: Server) -> str:
    return str(Path(parse_qs(urlsplit(server.address).query)["host"][0]) / ".s.PGSQL.5432")


def test_the_host_that_is_there_is_used(server: Server, url: str) -> None:
    user, name = urlsplit(url).username, urlsplit(url).path
    with cut_line(None, socket_of(server)) as gone:
        closed = gone.port
    with cut_line(None, socket_of(server)) as line:
        hosts = f"127.0.0.1:{closed},127.0.0.1:{line.port}"
        store = open_store(f"postgresql://{user}@{hosts}{name}?target_session_attrs=read-write")
        site = Site(store, operator="Ana", station="dock-2")
        product(site, "CAM", 1)
        assert purchase(site, "N-1", {"CAM": 1})
        assert str(line.port) in store.where
        store.close()


def test_a_server_that_may_only_be_read_is_left_for_who_takes_writes(server: Server, url: str) -> None:
    name = sql.Identifier(urlsplit(url).path[1:])
    store = open_store(url)
    site = Site(store, operator="Ana", station="dock-2")
    server.run(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name))
    server.terminate_backends()
    with pytest.raises(StoreForbidden, match="read-only"):
        product(site, "CAM", 1)
    server.run(sql.SQL("ALTER DATABASE {} RESET ALL").format(name))
    product(site, "CAM", 1)
    store.close()


def test_a_host_that_falls_silent_is_given_up(server: Server, url: str) -> None:
    user, name = urlsplit(url).username, urlsplit(url).path
    with cut_line(None, socket_of(server)) as line:
        for query, seconds in (("", 10), ("?tcp_user_timeout=3000", 3)):
            store = open_store(f"postgresql://{user}@127.0.0.1:{line.port}{name}{query}")
            raw: Any = store.engine.raw_connection()
            with socket.socket(fileno=os.dup(raw.fileno())) as opened:
                assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == seconds * 1000
                assert opened.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            raw.close()
            store.close()


@pytest.mark.parametrize(
    ("hosts", "says"),
    [
        ("h1:0,h2", "port is a number"),
        ("h1,h2:99999", "port is a number"),
        ("h1,,h2", "one comma each"),
        ("h1,h2,", "one comma each"),
        ("h1,::1", "around an IPv6 host"),
    ],
)
def test_an_address_that_is_none_is_refused_in_words(hosts: str, says: str) -> None:
    with pytest.raises(StoreUnreachable) as raised:
        open_store(f"postgresql://ana@{hosts}/store")
    assert says in raised.value.hint
