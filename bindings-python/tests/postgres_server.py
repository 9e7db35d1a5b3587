"""A server of PostgreSQL that a test starts itself, out of Debian's packages. Nothing is installed, and no rights of root are needed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

INSTALLED = Path("/")
UNPACKED = Path(__file__).parents[2] / "target" / "postgresql"


class Unavailable(Exception):
    """The programs of the server are not installed and cannot be fetched."""


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a server in a folder of its own, give its URI, and stop it in the end.

    Raises `Unavailable` where there are no programs. A server that does not start is an error.
    """
    top = next((top for top in (INSTALLED, UNPACKED) if programs(top)), None) or fetched()
    # Not where `TMPDIR` says: the path of a socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="postgres-", dir="/tmp") as made:
        folder = Path(made)
        if is_root():
            shutil.chown(folder, "nobody", "nogroup")
            if top != INSTALLED:
                # That user may not see the folders above it.
                top = shutil.copytree(top, folder / "programs", symlinks=True)
        data = ["--pgdata", str(folder / "data")]
        # Only who may enter the folder reaches the socket.
        run(top, folder, "initdb", *data, "--username=reader", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run(top, folder, "pg_ctl", "start", *data, "--wait", "--log", str(folder / "log"), "--options", options)
        try:
            yield f"postgresql:///postgres?host={folder}&user=reader"
        finally:
            run(top, folder, "pg_ctl", "stop", *data, "--wait", "--mode=fast")


def run(top: Path, folder: Path, program: str, *arguments: str) -> None:
    """Run a program of the server, as another user than root, whom it refuses."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    if top != INSTALLED:
        environment["LD_LIBRARY_PATH"] = os.pathsep.join(str(path) for path in top.glob("usr/lib/*-linux-gnu*"))
    user, group = ("nobody", "nogroup") if is_root() else (None, None)
    done = subprocess.run(
        [programs(top)[-1] / program, *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        user=user,
        group=group,
        extra_groups=[] if user else None,
    )
    assert done.returncode == 0, (program, done.stdout, done.stderr)


def is_root() -> bool:
    """Whether root runs the test."""
    return os.geteuid() == 0


def programs(top: Path) -> list[Path]:
    """The folders of the server's programs below another, the newest version last."""
    found = [path.parent for path in top.glob("usr/lib/postgresql/*/bin/initdb")]
    return sorted(found, key=lambda path: float(path.parent.name))


def fetched() -> Path:
    """Fetch the packages of the server and what this machine lacks of those that they need, and unpack them below `target/`."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Unavailable("the package `postgresql` is not installed, and this is no Debian that it could be fetched for")
    UNPACKED.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="postgresql-", dir=UNPACKED.parent) as made:
        folder = Path(made)
        try:
            unpack(folder)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            told = (error.stderr or b"").decode(errors="replace").strip().splitlines()
            raise Unavailable(f"the package `postgresql` is not installed and cannot be fetched: {told[-1] if told else error}") from error
        (folder / "top").rename(UNPACKED)
    return UNPACKED


def unpack(folder: Path) -> None:
    """Unpack what an installation would add, into `top`.

    Where the machine's lists of packages are missing or old, with lists of our own: only root may renew those of the machine.
    """
    for name in ("lists/partial", "cache/archives/partial", "packages"):
        (folder / name).mkdir(parents=True)
    try:
        download(folder / "packages", [])
    except subprocess.CalledProcessError:
        ours = ["-o", f"Dir::State::Lists={folder}/lists", "-o", f"Dir::Cache={folder}/cache", "-o", "APT::Sandbox::User=root"]
        output(["apt-get", *ours, "update"], folder)
        download(folder / "packages", ours)
    for package in sorted((folder / "packages").glob("*.deb")):
        output(["dpkg-deb", "--extract", str(package), str(folder / "top")], folder)


def download(folder: Path, options: Sequence[str]) -> None:
    """Download the packages that an installation would add, but for LLVM, the largest, which only makes long queries faster."""
    told = output(["apt-get", *options, "--simulate", "--no-install-recommends", "install", "postgresql"], folder)
    names = [line.split()[1] for line in told.splitlines() if line.startswith("Inst ")]
    output(["apt-get", *options, "download", *(name for name in names if not name.startswith("libllvm"))], folder)


def output(command: list[str], folder: Path) -> str:
    """What a command writes."""
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=True)
    return done.stdout.decode(errors="replace")
