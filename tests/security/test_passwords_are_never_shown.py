"""Whatever is wrong with an address, the password that it holds reaches no screen, no file and no list of processes."""

from pathlib import Path

import pytest

from scanstation.devices.port_names import BadPortName, check_port_name
from scanstation.domain.addresses import address_fault, shown_address
from scanstation.workflows.site import Site
from tests.cli.conftest import Command
from tests.postgresql import Server

SECRET = "hunter2"

REFUSED = [
    f"postgresql://ana:{SECRET}@h@host/db",
    f"postgresql://ana:x@{SECRET}@host/db",
    f"postgresql://ana:{SECRET}/x@host/db",
    f"postgresql://ana:x/{SECRET}@host/db",
    f"postgresql://ana:{SECRET}?x@host/db",
    f"postgresql://ana:x?{SECRET}@host/db",
    f"postgresql://ana:{SECRET}@host:port/db",
    f"postgresql://ana:{SECRET}@host:0/db",
    f"postgresql://ana:{SECRET}@host:65536/db",
    f"postgresql://ana:{SECRET}@host:-1/db",
    f"postgresql://ana:{SECRET}@host:５４３２/db",
    f"postgresql://ana:{SECRET}@::1:5432/db",
    f"postgresql://ana:{SECRET}",
    f"postgresql://host/db?password={SECRET}",
    f"postgresql://host/db?application_name=x&PASSWORD={SECRET}",
    f"postgresql://host/db?sslpassword={SECRET}",
    f"mysql://ana:{SECRET}@host/db",
    f"postgres://ana:{SECRET}@host/db",
]


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_is_refused_is_wrong_use_and_shows_no_password(
    command: Command, monkeypatch: pytest.MonkeyPatch, in_folder: Path, url: str
) -> None:
    ran = command("--db", url, "po", "list")
    assert (ran.status, ran.out) == (2, "")
    assert SECRET not in ran.err
    assert "error of its own" not in ran.err
    monkeypatch.setenv("SCANSTATION_DATABASE__URL", url)
    assert SECRET not in command("doctor").out
    monkeypatch.delenv("SCANSTATION_DATABASE__URL")
    (in_folder / "config.toml").write_text(f'[database]\nurl = "{url}"\n')
    ran = command("po", "list")
    assert (ran.status, ran.out) == (2, "")
    assert SECRET not in ran.err


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"postgresql://ana:{SECRET}@host:5432/db", "postgresql://ana@host:5432/db"),
        (f"postgresql+psycopg://ana:{SECRET}@[::1]:5432/db", "postgresql://ana@[::1]:5432/db"),
        (f"postgresql://ana:a%40{SECRET}@host/db?sslmode=require", "postgresql://ana@host/db"),
        ("postgresql:///db?host=/run/postgresql", "postgresql:///db at /run/postgresql"),
        ("sqlite:////srv/store.db", "/srv/store.db"),
    ],
)
def test_a_good_address_is_shown_without_it(url: str, shown: str) -> None:
    assert address_fault(url) is None
    assert shown_address(url) == shown


def test_a_server_that_does_not_answer_is_named_without_it(command: Command, tmp_path: Path) -> None:
    ran = command("--db", f"postgresql://ana:{SECRET}@/store?host={tmp_path}", "po", "list")
    assert ran.status == 3
    assert "postgresql://ana@/store" in ran.err
    assert SECRET not in ran.err


def test_an_error_of_the_store_carries_no_values(site: Site) -> None:
    with pytest.raises(Exception, match="hidden due to hide_parameters") as raised, site.store.engine.begin() as tx:
        tx.exec_driver_sql("SELECT nothing FROM nowhere WHERE code = ?", (SECRET,))
    assert SECRET not in str(raised.value)


def test_no_password_is_sent_in_clear_to_a_server_that_asks_for_it(server: Server, command: Command) -> None:
    """One that asks by SCRAM gets a proof; one that merely asks gets nothing, unless the address says so."""
    server.run(f"CREATE ROLE guard LOGIN PASSWORD '{SECRET}'")
    for asks, status, told in (("scram-sha-256", 3, "is not a ScanStation store"), ("password", 3, "in clear")):
        with server.asking("guard", asks) as url:
            ran = command("--db", url.replace("//postgres:@", f"//guard:{SECRET}@"), "po", "list")
            assert (ran.status, ran.out) == (status, "")
            assert told in ran.err
            assert SECRET not in ran.err
            if asks == "password":
                meant = url.replace("//postgres:@", f"//guard:{SECRET}@") + "&require_auth=password"
                assert "is not a ScanStation store" in command("--db", meant, "po", "list").err
    server.run("DROP ROLE guard")


@pytest.mark.parametrize(
    "port",
    [
        f"rfc2217://ana:{SECRET}@10.0.0.5:4001",
        f"RFC2217://{SECRET}@10.0.0.5:4001",
        f"rfc2217://ana:{SECRET}@h@10.0.0.5:4001",
        f"rfc2217://ana:{SECRET}/x@10.0.0.5:4001",
        f"rfc2217://ana:{SECRET}?x@10.0.0.5:4001",
        f"rfc2217://ana:{SECRET}#x@10.0.0.5:4001",
        f"rfc2217://ana:{SECRET}@10.0.0.5",
        f"rfc2217://ana:{SECRET}@10.0.0.5:99999",
        f"socket://ana:{SECRET}@10.0.0.5:4001",
        f"loop://ana:{SECRET}@10.0.0.5:4001",
        f"telnet://ana:{SECRET}@10.0.0.5:4001",
    ],
)
def test_a_scanners_address_with_an_account_is_refused_and_not_shown(
    command: Command, monkeypatch: pytest.MonkeyPatch, in_folder: Path, port: str
) -> None:
    with pytest.raises(BadPortName, match="without what ends in @") as raised:
        check_port_name(port)
    assert SECRET not in str(raised.value)
    (in_folder / "config.toml").write_text(f'[[serial]]\nid = "gun1"\nport = "{port}"\n')
    for words in (["po", "list"], ["devices"], ["doctor"]):
        ran = command(*words)
        assert ran.status != 0
        assert "[[serial]] number 1 port must be an address without a user or a password" in ran.out + ran.err
        assert SECRET not in ran.out + ran.err
    (in_folder / "config.toml").write_text('[[serial]]\nid = "gun1"\nport = "/dev/ttyACM0"\n')
    monkeypatch.setenv("SCANSTATION_SERIAL__0__PORT", port)
    ran = command("po", "list")
    assert ran.status == 2
    assert SECRET not in ran.err
