"""A PostgreSQL server of the tests' own: started on a free port, killed and started again, and thrown away."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

BINARIES = Path("/usr/lib/postgresql")


def newest_binaries() -> Path | None:
    """The folder with initdb and postgres of the newest installed release, or None."""
    found = [path.parent for path in BINARIES.glob("*/bin/initdb")]
    return max(found, key=lambda path: int(re.sub(r"\D.*", "", path.parent.name) or 0), default=None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class PostgresCluster:
    """One server process, with durable commits. PostgreSQL refuses to run as root, so it runs as ``postgres`` then."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._folder = Path(tempfile.mkdtemp(prefix="treaty-postgres-"))
        self._user = self._unprivileged()
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        if self._user is not None:
            os.chown(self._folder, self._user, -1)
        self._data = self._folder / "data"
        subprocess.run(
            [binaries / "initdb", "-D", self._data, "-U", "treaty", "--auth=trust", "-E", "UTF8", "--no-sync"],
            check=True,
            capture_output=True,
            cwd=self._folder,
            user=self._user,
        )

    @staticmethod
    def _unprivileged() -> int | None:
        return pwd.getpwnam("postgres").pw_uid if os.geteuid() == 0 else None

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://treaty@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                self._binaries / "postgres",
                *("-D", self._data, "-p", str(self.port), "-k", self._folder, "-h", "127.0.0.1"),
                *("-c", "fsync=on", "-c", "max_connections=100", "-c", "log_min_messages=fatal"),
            ],
            cwd=self._folder,
            user=self._user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url()).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return

    def create_database(self, name: str) -> str:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.url(name)

    def stop(self) -> None:
        """End all sessions and the server, as an administrator would who is in a hurry."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End the server without a word: the postmaster and, through it, every backend."""
        self._end(signal.SIGQUIT)

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(timeout=30)
        self._process = None
