"""The unmodified clients of the Node world: KafkaJS's and Confluent's own, over both stores."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.registry.live_server import InProcess

pytestmark = [pytest.mark.node, pytest.mark.slow]

PACKAGES = ("@kafkajs/confluent-schema-registry@3.9.0", "@confluentinc/schemaregistry@1.10.1")
SCRIPTS = Path(__file__).parent / "node_clients"


@pytest.fixture(scope="session")
def modules() -> Path:
    """A folder with the packages, installed once per set of versions into the user's cache."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("no Node.js with npm")
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "treaty-tests"
    folder = cache / f"node-{hashlib.sha256(' '.join(PACKAGES).encode()).hexdigest()[:12]}"
    if not (folder / "installed").exists():
        folder.mkdir(parents=True, exist_ok=True)
        install = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES]
        done = subprocess.run(install, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 0:
            pytest.skip(f"npm cannot install the clients: {done.stderr.strip().splitlines()[-1:]}")
        (folder / "installed").touch()
    return folder / "node_modules"


@pytest.mark.parametrize("script", ["kafkajs.cjs", "confluent.cjs"])
def test_a_client_finds_what_it_expects(
    serve: Callable[..., InProcess], store_url: str, modules: Path, script: str
) -> None:
    done = subprocess.run(
        ["node", str(SCRIPTS / script), serve(store_url).url],
        env={**os.environ, "NODE_PATH": str(modules)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "ok"), done.stderr
