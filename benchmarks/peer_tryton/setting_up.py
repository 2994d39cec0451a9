"""An environment with Tryton in it, and an empty database with the modules that lots need."""

import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
ENVIRONMENT = HERE / ".venv"
NAME = "peer"
"""The database's, and its file's without `.sqlite`."""


def environment() -> Path:
    """The environment's interpreter; made at the first call, which takes a minute."""
    python = ENVIRONMENT / "bin" / "python"
    wanted, installed = HERE / "requirements.txt", ENVIRONMENT / "installed"
    if not installed.exists() or installed.read_bytes() != wanted.read_bytes():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(wanted)])
        installed.write_bytes(wanted.read_bytes())
    return python


def database(folder: Path) -> Path:
    """A database in this folder with `stock_lot` and what it needs, and nobody's data; returns the configuration."""
    python = environment()
    configuration, secret = folder / "trytond.conf", folder / "secret"
    configuration.write_text(f"[database]\nuri = sqlite://\npath = {folder}\n", "utf-8")
    secret.write_text("not-a-secret\n", "utf-8")
    (folder / f"{NAME}.sqlite").touch()
    admin = [str(python.with_name("trytond-admin")), "-c", str(configuration), "-d", NAME, "-l", "en"]
    modules = ["-u", "stock_lot", "--activate-dependencies", "--email", "peer@example.com"]
    _run([*admin, *modules], TRYTONPASSFILE=str(secret))
    return configuration


def _run(command: list[str], **environment: str) -> None:
    ran = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if ran.returncode:
        sys.stderr.write(ran.stdout + ran.stderr)
        raise RuntimeError(f"{Path(command[0]).name} ended with {ran.returncode}")
