"""Addresses of stores: which are right, and what of them people may see."""

import pytest

from scanstation.domain.addresses import address_fault, several_hosts, shown_address


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("sqlite:///store.db", None),
        ("postgresql://ana@host/warehouse", None),
        ("postgresql://ana@one,two:5433/warehouse", None),
        ("sqlite:///:memory:", "a store in memory"),
        ("store.db", "sqlite:///FILE or postgresql://"),
        ("postgresql://ana@host:port/warehouse", "a number from 1 to 65535"),
        ("postgresql://ana@one,,two/warehouse", "one comma each"),
        ("postgresql://ana@host/warehouse?password=x", "without “password”"),
        ("postgresql://ana@::1:5432/warehouse", "[ ] around an IPv6 host"),
        ("postgresql://ana@[::1/warehouse", "[ ] around an IPv6 host"),
        ("postgresql://ana@[::1]:5432/warehouse", None),
        ("postgresql://ana@/warehouse?host=/run/one&host=/run/two&port=5432&sslmode=require", None),
        ("postgresql://ana@/warehouse?host=one&port=abc", "a number from 1 to 65535"),
        ("postgresql://ana@/warehouse?host=one,two&port=5432,99999", "a number from 1 to 65535"),
        ("postgresql://ana@host/warehouse?autocommit=true", "without “autocommit”"),
        ("postgresql://ana@host/warehouse?row_factory=x", "without “row_factory”"),
        ("postgresql://ana@host/warehouse?nonsense", "without “nonsense”"),
        ("postgresql://ana@host/warehouse?sslmode=disable&sslmode=require", "“sslmode” once"),
    ],
)
def test_a_wrong_address_says_how_it_is_written(url: str, fault: str | None) -> None:
    told = address_fault(url)
    assert told is None if fault is None else fault in str(told)


def test_several_hosts_are_taken_apart_and_one_is_left() -> None:
    assert several_hosts("postgresql://ana@one,two:5433/w") == ("postgresql://ana@/w", ("one", "two:5433"))
    assert several_hosts("postgresql://ana@one/w") == ("postgresql://ana@one/w", ())


@pytest.mark.parametrize("url", ["postgresql://ana:secret@host/w", "postgresql+psycopg://ana:secret@host/w"])
def test_a_password_is_left_out(url: str) -> None:
    assert shown_address(url) == "postgresql://ana@host/w"
