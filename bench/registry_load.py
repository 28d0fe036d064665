"""Load on an HTTP server by wrk: scripts that make requests, what came back, and the CPU time of whoever answered."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from types import TracebackType

_TICKS = os.sysconf("SC_CLK_TCK")
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
_REPORT = """
function done(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.timeout
  io.stderr:write(string.format('{"requests": %d, "seconds": %f, "failed": %d, "p50": %f, "p99": %f}',
    summary.requests, summary.duration / 1e6, failed, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
"""


class Load(NamedTuple):
    """What a load came to: requests a second, milliseconds at two percentiles, microseconds of the server's CPU for
    each request, and how many requests there were."""

    rate: float
    p50: float
    p99: float
    cpu: float
    requests: int


class Server:
    """A server process that the load is put on; ready once ``GET ready`` is answered with 200."""

    def __init__(self, port: int, ready: str, *command: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        began = time.perf_counter()
        self._process = subprocess.Popen([sys.executable, *command], env=_ENVIRONMENT, stderr=subprocess.DEVNULL)
        while not self._answers(ready):
            if self._process.poll() is not None or time.perf_counter() - began > 60:
                raise SystemExit(f"{' '.join(command)} did not start")
            time.sleep(0.005)
        self.start_up = time.perf_counter() - began

    def _answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(self.url + path, timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(timeout=60)

    @property
    def memory(self) -> float:
        """MiB of resident memory now."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    @property
    def cpu(self) -> float:
        """CPU seconds so far, of every thread."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def load(self, script: str, folder: Path, *, connections: int, seconds: int) -> Load:
        """What the requests of a Lua ``script`` come to. Ends the program when one of them fails."""
        file = folder / "load.lua"
        file.write_text(script + _REPORT)
        before = self.cpu
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(file), self.url],
            capture_output=True,
            text=True,
            check=True,
        )
        spent = self.cpu - before
        told = json.loads(done.stderr)
        if told["failed"] or not told["requests"]:
            raise SystemExit(f"{told['failed']} of {told['requests']} requests failed:\n{done.stdout}")
        requests = int(told["requests"])
        return Load(requests / told["seconds"], told["p50"], told["p99"], spent / requests * 1e6, requests)


def require_wrk() -> None:
    """Install wrk where it is missing and this may; ends the program where it stays missing."""
    if shutil.which("wrk") is None and shutil.which("apt-get") is not None and os.geteuid() == 0:
        subprocess.run(["apt-get", "install", "-y", "-qq", "wrk"], check=False, stdout=subprocess.DEVNULL)
    if shutil.which("wrk") is None:
        raise SystemExit("this needs wrk: apt-get install wrk")
