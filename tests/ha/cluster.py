"""Three members on one machine, each etcd, Patroni and PostgreSQL of Debian, with the very settings of docs/scaling.md.

    python -m tests.ha.cluster

sets them up, prints the address for stations, and takes them away again at Ctrl+C. Where docs/scaling.md has the hosts
10.0.0.11 to 10.0.0.13, these listen on addresses of the loopback, 127.77.0.1 to 127.77.0.3, with the same ports.
"""

import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
import psycopg
import pytest

from tests.system.programs import program, running

GUIDE = (Path(__file__).parents[2] / "docs" / "scaling.md").read_text(encoding="utf-8")
NAMES = ("db1", "db2", "db3")
OWNER, STATION, DATABASE = "keeper", "station", "stock"
PROXY = "127.77.0.10"
PATIENCE_S = 180.0


def from_the_guide(language: str) -> str:
    """The first block of docs/scaling.md in this language."""
    return GUIDE.partition(f"```{language}\n")[2].partition("```")[0]


def setting(name: str) -> int:
    """A number of Patroni's settings in docs/scaling.md."""
    found = re.search(rf"^ +{name}: (\d+)", from_the_guide("yaml"), re.MULTILINE)
    assert found, f"docs/scaling.md does not set {name}"
    return int(found[1])


def address(member: str) -> str:
    """Where a member listens."""
    return f"127.77.0.{member[-1]}"


def on_this_machine(told: str) -> str:
    """The hosts of docs/scaling.md are addresses of the loopback here."""
    return re.sub(r"10\.0\.0\.1(\d)", r"127.77.0.\1", told.replace("10.0.0.10", PROXY))


def newest_postgresql() -> Path:
    """Debian's newest server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda one: int(one.parts[-3]))
    assert found, "no server is installed: apt-get install postgresql"
    return found[-1].parent


class Member:
    """etcd, Patroni and the PostgreSQL that Patroni runs."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._folder = folder / name
        self._etcd: subprocess.Popen[bytes] | None = None
        self._patroni: subprocess.Popen[bytes] | None = None
        for inner in ("etcd", "postgresql", "run"):
            (self._folder / inner).mkdir(parents=True)
        settings = self._of_this_member(from_the_guide("yaml"))
        (self._folder / "patroni.yml").write_text(settings, encoding="utf-8")
        self._as_server: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to be root
            account = pwd.getpwnam("postgres")
            for path in (self._folder, *self._folder.rglob("*")):
                os.chown(path, account.pw_uid, account.pw_gid)
            self._as_server = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]

    def _of_this_member(self, told: str) -> str:
        """What docs/scaling.md tells of db1, for this member on this machine."""
        here = (
            ("10.0.0.0/24", "127.0.0.0/8"),
            ("local all         postgres                peer", "local all all trust"),  # whoever runs the tests
            ("/var/lib/etcd", str(self._folder / "etcd")),
            ("/var/lib/postgresql", str(self._folder / "postgresql")),
            ("/var/run/postgresql", str(self._folder / "run")),
            ("/usr/lib/postgresql/15/bin", str(newest_postgresql())),
        )
        rows = []
        for row in told.splitlines():
            own = row
            if "10.0.0.12" not in row:  # else it names all three
                own = own.replace("db1", self.name).replace("10.0.0.11", f"10.0.0.1{self.name[-1]}")
            for there, ours in here:
                own = own.replace(there, ours)
            rows.append(on_this_machine(own))
        return "\n".join(rows) + "\n"

    def start(self) -> None:
        """Start what does not run."""
        environment = {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin", "HOME": str(self._folder), "LC_ALL": "C.UTF-8"}
        if self._etcd is None:
            told = self._of_this_member(from_the_guide("etcd"))
            of_etcd = dict(line.split("=", 1) for line in told.splitlines() if line)
            self._etcd = self._begin("etcd", [program("etcd")], environment | of_etcd)
        if self._patroni is None:
            argv = [program("patroni"), str(self._folder / "patroni.yml")]
            self._patroni = self._begin("patroni", argv, environment)

    def _begin(self, name: str, argv: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        with (self._folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [*self._as_server, *argv],
                env=environment,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _servers(self) -> list[psutil.Process]:
        """The server and all its processes, the parent first."""
        with suppress(OSError, ValueError, psutil.Error):
            lines = (self._folder / "postgresql" / "warehouse" / "postmaster.pid").read_text("utf-8").splitlines()
            parent = psutil.Process(int(lines[0]))
            if "postgres" in parent.name():
                return [parent, *parent.children(recursive=True)]
        return []

    def kill_server(self) -> None:
        """SIGKILL for PostgreSQL alone."""
        _kill(self._servers()[:1])

    def kill(self) -> None:
        """SIGKILL for all of it, PostgreSQL's processes last: nothing says goodbye."""
        ours = [psutil.Process(one.pid) for one in (self._patroni, self._etcd) if one is not None]
        _kill([*ours, *self._servers()])
        for one in (self._patroni, self._etcd):
            if one is not None:
                one.wait()
        self._patroni = self._etcd = None

    @property
    def has_ended(self) -> bool:
        """Has one of its programs ended by itself?"""
        return any(one is not None and one.poll() is not None for one in (self._etcd, self._patroni))

    def state(self) -> dict[str, str]:
        """What Patroni says of the member; empty where it does not answer."""
        with suppress(OSError, ValueError):
            try:
                with urlopen(f"http://{address(self.name)}:8008/patroni", timeout=5) as answer:
                    told: dict[str, str] = json.load(answer)
            except HTTPError as error:
                told = json.load(error)
            return told
        return {}

    def logs(self) -> str:
        """The last lines of its logs."""
        files = sorted(self._folder.glob("*.log"))
        return "\n".join(f"{file}\n" + file.read_text("utf-8", "replace")[-2000:] for file in files)


class Cluster:
    """The members."""

    def __init__(self, folder: Path) -> None:
        self.members = {name: Member(name, folder) for name in NAMES}

    def start(self) -> None:
        """Start whatever is down, and wait until there is a leader and every other one follows, one of them in step."""
        for member in self.members.values():
            member.start()
        self.wait_for(self._is_whole, "three members, one of them the leader and one in step")

    def _is_whole(self) -> bool:
        states = [member.state() for member in self.members.values()]
        roles = sorted(one.get("role", "").replace("primary", "master") for one in states)
        is_running = all(one.get("state") == "running" for one in states)
        is_in_step = any(one.get("sync_standby") for one in states)
        return roles == ["master", "replica", "replica"] and is_running and is_in_step and self._both_stream()

    def _both_stream(self) -> bool:
        with suppress(psycopg.Error), psycopg.connect(self.url("postgres", "postgres")) as tx:
            found = tx.execute("SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'").fetchall()
            return sorted(row[0] for row in found) == ["async", "sync"]
        return False

    def leader(self) -> Member:
        """Who takes writes."""

        def found() -> Member | None:
            states = {name: member.state() for name, member in self.members.items()}
            leading = [name for name, one in states.items() if one.get("role") in ("master", "primary")]
            return self.members[leading[0]] if len(leading) == 1 else None

        self.wait_for(lambda: found() is not None, "a leader")
        leader = found()
        assert leader is not None
        return leader

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        """Until something holds."""
        give_up = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > give_up or any(member.has_ended for member in self.members.values()):
                states = (f"{name} {member.state()}\n{member.logs()}" for name, member in self.members.items())
                pytest.fail(f"{what} did not come\n" + "\n".join(states), pytrace=False)
            time.sleep(0.2)

    def url(self, user: str = STATION, database: str = DATABASE) -> str:
        """The address that stations are given: all hosts, as libpq writes them."""
        hosts = ",".join(map(address, NAMES))
        return f"postgresql://{user}@{hosts}/{database}?target_session_attrs=read-write"

    def make_store(self) -> None:
        """What docs/scaling.md has done by hand: roles, a database, a store in it, and the rights of stations."""
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
        commands = ["sh", "-e", "-c", on_this_machine(from_the_guide("sh"))]
        subprocess.run(commands, env={**os.environ, "PATH": path}, stdout=subprocess.DEVNULL, check=True)

    @contextmanager
    def haproxy(self, folder: Path) -> Iterator[str]:
        """HAProxy before the members, with the settings of docs/scaling.md; gives the address for stations."""
        settings = folder / "haproxy.cfg"
        settings.write_text(on_this_machine(from_the_guide("haproxy")), encoding="utf-8")
        with running([program("haproxy"), "-db", "-f", settings], folder / "haproxy.log"):
            yield f"postgresql://{STATION}@{PROXY}:5000/{DATABASE}"

    def close(self) -> None:
        """End everything."""
        for member in self.members.values():
            member.kill()


def _kill(processes: list[psutil.Process]) -> None:
    for one in processes:
        with suppress(psutil.NoSuchProcess):
            one.send_signal(signal.SIGKILL)
    psutil.wait_procs(processes, timeout=30)


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Three members with a store, for as long as the block lasts; PGPASSFILE is set for whoever connects."""
    folder = Path(tempfile.mkdtemp(prefix="scanstation-ha-"))
    folder.chmod(0o755)  # the server's user looks into it
    passwords = folder / "pgpass"
    passwords.write_text("\n".join(re.findall(r"`(\*:\*:\*:\w+:[\w-]+)`", GUIDE)) + "\n", encoding="utf-8")
    passwords.chmod(0o600)
    os.environ["PGPASSFILE"] = str(passwords)
    with ExitStack() as ending:
        ending.callback(shutil.rmtree, folder)
        ending.callback(os.environ.pop, "PGPASSFILE")
        cluster = Cluster(folder)
        ending.callback(cluster.close)
        cluster.start()
        cluster.make_store()
        yield cluster


if __name__ == "__main__":
    with running_cluster() as it, suppress(KeyboardInterrupt):
        print(f"PGPASSFILE={os.environ['PGPASSFILE']} scanstation --db '{it.url()}'", flush=True)
        signal.pause()
