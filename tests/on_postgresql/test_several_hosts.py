"""An address with several hosts: the one that is there, and takes writes, is used; bad ones are refused in words."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from scanstation.domain.store_errors import StoreUnreachable
from scanstation.store.store import open_store
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.cut_line import cut_line
from tests.postgresql import Server


def test_the_host_that_is_there_is_used(server: Server, url: str) -> None:
    socket = Path(parse_qs(urlsplit(server.address).query)["host"][0]) / ".s.PGSQL.5432"
    user, name = urlsplit(url).username, urlsplit(url).path
    with cut_line(None, str(socket)) as gone:
        closed = gone.port
    with cut_line(None, str(socket)) as line:
        hosts = f"127.0.0.1:{closed},127.0.0.1:{line.port}"
        store = open_store(f"postgresql://{user}@{hosts}{name}?target_session_attrs=read-write")
        site = Site(store, operator="Ana", station="dock-2")
        product(site, "CAM", 1)
        assert purchase(site, "N-1", {"CAM": 1})
        assert str(line.port) in store.where
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
