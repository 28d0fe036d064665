"""protoc in a process of its own: warm, one request at a time, stopped when a file takes too long.

protoc writes its complaints to file descriptor 2, which belongs to the whole process, keeps the interpreter lock while
it works, and can be kept busy for seconds by a small hostile file; docs/decisions/0020-protobuf-parser.md has figures.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from treaty.errors import LimitExceeded, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SECONDS = 5.0
"""How long one compilation may take; a file of 15,000 fields takes 0.2."""

_START_SECONDS = 30.0


class Compiled(NamedTuple):
    """A FileDescriptorSet with imports and source info (``ok``), or what protoc complained about."""

    ok: bool
    output: bytes


class Compiler:
    """One protoc process, started by the first request and again after it had to be stopped."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._warm = False
        self._folder: Path | None = None

    def compile(self, files: Mapping[str, str], roots: Sequence[str]) -> Compiled:
        """Compile ``roots`` among ``files`` (import path to text; the well-known types need not be there).

        Raises LimitExceeded when protoc takes longer than it may, or breaks down over a file, and UsageError when the
        extra ``protobuf`` is not installed.
        """
        includes = [str(well_known_types())]
        request = json.dumps({"files": dict(files), "roots": list(roots), "includes": includes}).encode()
        with self._lock:
            process = self._running()
            allowed = self._seconds if self._warm else self._seconds + _START_SECONDS
            overdue = threading.Timer(allowed, process.kill)
            overdue.daemon = True
            overdue.start()
            try:
                answer = self._ask(process, request)
            finally:
                overdue.cancel()
            if answer is None:
                self._stop()
                raise LimitExceeded(
                    f"protoc gave no answer about {', '.join(roots)} within {self._seconds:g} s, or broke down over it",
                    advice="look for very deep nesting or tens of thousands of reserved or extension ranges",
                )
            self._warm = True
            return answer

    def close(self) -> None:
        """End the process; the next request starts another."""
        with self._lock:
            self._stop()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._owner != os.getpid():
            self._process = None  # of the process this one was forked from, which still uses it
        if self._process is None or self._process.poll() is not None:
            self._discard_folder()
            self._folder = Path(tempfile.mkdtemp(prefix="treaty-protoc-"))
            program = Path(__file__).with_name("protoc_worker.py")
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(program), str(self._folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._owner, self._warm = os.getpid(), False
        return self._process

    def _ask(self, process: subprocess.Popen[bytes], request: bytes) -> Compiled | None:
        if process.stdin is None or process.stdout is None:
            return None
        try:
            process.stdin.write(len(request).to_bytes(4, "big") + request)
            process.stdin.flush()
            header = process.stdout.read(5)
            length = int.from_bytes(header[1:], "big")
            output = process.stdout.read(length)
        except OSError:
            return None
        return Compiled(header[0] == 0, output) if len(header) == 5 and len(output) == length else None

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what it still held for the dead process
                    pipe.close()
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._discard_folder()

    def _discard_folder(self) -> None:
        """Remove what a process that was killed could not."""
        if self._folder is not None and self._owner == os.getpid():
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = None


@cache
def shared_compiler() -> Compiler:
    """The compiler of this process, ended with it."""
    compiler = Compiler()
    atexit.register(compiler.close)
    return compiler


@cache
def well_known_types() -> Path:
    """The folder of grpcio-tools with ``google/protobuf/*.proto``.

    Raises UsageError when the extra ``protobuf`` is not installed.
    """
    spec = find_spec("grpc_tools")
    runtime = find_spec("google") is not None and find_spec("google.protobuf") is not None
    if spec is None or not spec.submodule_search_locations or not runtime:
        raise UsageError(
            "Protobuf contracts need the compiler and the runtime of Protobuf, which are not installed",
            advice="pip install 'treaty[protobuf]'",
        )
    return Path(spec.submodule_search_locations[0]) / "_proto"
