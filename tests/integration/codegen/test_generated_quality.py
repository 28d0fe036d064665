"""What is generated from the contracts of this repository: typed strictly, formatted, reproducible, stable."""

from __future__ import annotations

import ast
import copy
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.codegen.conftest import CONTRACTS

from treaty_codegen.generating import generate
from treaty_codegen.jobs import job_for_file

if TYPE_CHECKING:
    from treaty_codegen.outcome import Emitted

PACKAGES = ["provider-api-v1", "provider-api-v2", "provider-events-v1", "webhooks-v1"]


@pytest.fixture(scope="session")
def written(everything: dict[str, Emitted], tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("written")
    for name, emitted in everything.items():
        for path, text in emitted.files.items():
            target = root / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
    return root


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_every_element_is_emitted(everything: dict[str, Emitted]) -> None:
    states = {
        name: [each for each in emitted.elements if each.state != "emitted"] for name, emitted in everything.items()
    }
    assert states == {name: [] for name in PACKAGES}
    assert {name: emitted.notes for name, emitted in everything.items()} == {name: [] for name in PACKAGES}
    assert len(everything["provider-api-v1"].elements) == 29
    assert len(everything["provider-events-v1"].elements) == 17


def test_it_passes_mypy_strictly(written: Path) -> None:
    sources = [str(path) for name in PACKAGES for path in ((written / name / "src"),) if path.is_dir()]
    sources += [
        str(written / "webhooks-v1"),
        str(written / "provider-api-v1/tests"),
        str(written / "provider-api-v1/examples"),
    ]
    found = run("mypy", "--strict", "--no-incremental", *sources, cwd=written)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("name", PACKAGES)
def test_a_formatter_has_nothing_to_do(written: Path, name: str) -> None:
    found = run("ruff", "format", "--no-cache", "--isolated", "--line-length", "100", "--diff", ".", cwd=written / name)
    assert found.returncode == 0, found.stdout[:3000]


@pytest.mark.parametrize("name", PACKAGES)
def test_a_linter_finds_nothing(written: Path, name: str) -> None:
    rules = "E4,E7,E9,F,I,UP,B,PIE"
    found = run(
        "ruff",
        "check",
        "--no-cache",
        "--isolated",
        "--target-version",
        "py311",
        "--line-length",
        "100",
        "--select",
        rules,
        ".",
        cwd=written / name,
    )
    assert found.returncode == 0, found.stdout[:3000]


def test_its_own_tests_pass(written: Path) -> None:
    found = run("pytest", "-q", "-p", "no:cacheprovider", cwd=written / "provider-api-v1")
    assert found.returncode == 0, found.stdout[-3000:]
    assert "29 passed" in found.stdout


def test_importing_the_package_loads_next_to_nothing(written: Path) -> None:
    code = (
        "import sys; import provider_api_v1;"
        "print('httpx2' in sys.modules, 'pydantic' in sys.modules, len([m for m in sys.modules if 'provider' in m]))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=written / "provider-api-v1/src",
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.split() == ["False", "False", "1"]


def test_the_package_builds_and_carries_its_types(written: Path, tmp_path: Path) -> None:
    found = run("build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), ".", cwd=written / "provider-api-v1")
    assert found.returncode == 0, found.stdout[-2000:]
    import zipfile

    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert wheel.name == "provider_api_v1-1.7.0-py3-none-any.whl"
    assert {"provider_api_v1/py.typed", "provider_api_v1/_runtime/exchange.py"} <= set(names)


@pytest.mark.slow
def test_two_runs_with_other_hash_seeds_are_byte_for_byte_equal(tmp_path: Path) -> None:
    jobs = [
        ("provider-api/v1/openapi.yaml", "python-sdk"),
        ("provider-events/v1/asyncapi.yaml", "events"),
    ]
    for seed in ("1", "4242"):
        for path, target in jobs:
            out = tmp_path / seed / target
            found = run(
                "treaty", "generate", str(CONTRACTS / path), "--target", target, "--out", str(out),
                cwd=tmp_path, PYTHONHASHSEED=seed,
            )  # fmt: skip
            assert found.returncode == 0, found.stderr
    one, other = (
        {
            path.relative_to(tmp_path / seed): path.read_bytes()
            for path in (tmp_path / seed).rglob("*")
            if path.is_file()
        }
        for seed in ("1", "4242")
    )
    assert one == other
    assert len(one) > 60


# Code written against the SDK before the contract grew.
OLD_CODE = """
from decimal import Decimal

from provider_api_v1 import HmacKey, ProviderAPI, errors, models, webhooks


def settle(client: ProviderAPI, bet_id: str) -> str:
    held = client.bets.authorize(
        models.BetAuthorizeRequest(
            session_id="s", bet_id=bet_id, round_id="r", amount=models.Money(amount=Decimal("5.00"), currency="EUR")
        ),
        idempotency_key="key-0001",
        region="eu-mt",
    )
    try:
        settled = client.bets.settle(
            models.BetSettleRequest(
                bet_id=bet_id, round_id="r", win=models.Money(amount=Decimal(0), currency="EUR"),
                bonus_state=models.BonusState(in_bonus=False, freespins_left=0),
            )
        )
    except errors.IdempotencyMismatch as error:
        return f"{error.code} {error.trace_id} {error.retryable}"
    for bet in client.bets.iterate(status="settled", limit=10):
        if bet.status == "authorized" and bet.hold_id == held.hold_id:
            return bet.bet_id
    return settled.settlement_id


def receive(body: bytes, headers: dict[str, str]) -> str:
    delivery = webhooks.receive(body, headers, HmacKey("secret"))
    return delivery.payload.bet_id if isinstance(delivery, models.BetSettled) else ""
"""


def grown() -> dict[str, Any]:
    """The provider API with everything a minor version may add, as one document."""
    import yaml

    folder = CONTRACTS / "provider-api/v1"
    document: dict[str, Any] = yaml.safe_load((folder / "openapi.yaml").read_text("utf-8"))
    document["components"]["schemas"] = {
        # New components come first, with names that inner classes might have taken.
        "BetAuthorizeRequestNew": {"type": "object", "properties": {"a": {"type": "string"}}},
        "AAA": {"type": "string", "enum": ["x"]},
        **document["components"]["schemas"],
    }
    document["paths"] = {
        "/v1/bets/new": {
            "post": {
                "operationId": "bets.create",
                "tags": ["bets"],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"type": "object", "properties": {"x": {"type": "integer"}}}}
                    },
                },
                "responses": {"204": {"description": "ok"}},
            }
        },
        **document["paths"],
    }
    return document


def rewritten(path: Path, change: Any) -> None:
    import yaml

    tree = yaml.safe_load(path.read_text("utf-8"))
    change(tree)
    path.write_text(yaml.safe_dump(tree, sort_keys=False), "utf-8")


def public_names(emitted: Emitted) -> dict[str, set[str]]:
    """Module to its public classes, aliases, methods and arguments."""
    found: dict[str, set[str]] = {}
    for path, text in emitted.files.items():
        if path.startswith("src/") and path.endswith(".py") and "_runtime" not in path:
            names = found.setdefault(path, set())
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ClassDef):
                    names.add(node.name)
                    names.update(
                        f"{node.name}.{each.target.id}"
                        for each in node.body
                        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
                    )
                    for method in node.body:
                        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
                            arguments = [*method.args.args, *method.args.kwonlyargs]
                            names.update(f"{node.name}.{method.name}({each.arg})" for each in arguments)
    return found


@pytest.mark.slow
def test_growing_renames_nothing_and_old_code_still_checks(provider_emitted: Emitted, tmp_path: Path) -> None:
    import shutil

    import yaml

    shutil.copytree(CONTRACTS, tmp_path / "contracts")
    (tmp_path / ".git").mkdir()  # the root that references may not leave
    folder = tmp_path / "contracts/provider-api/v1"
    (folder / "openapi.yaml").write_text(yaml.safe_dump(grown(), sort_keys=False), "utf-8")

    def more_properties(tree: dict[str, Any]) -> None:
        for name in ("BetAuthorizeRequest", "BetSettleRequest", "Bet", "BonusState", "BetAuthorizeResult"):
            properties = tree[name]["properties"]
            grown = {"a_new_one": {"type": "object", "properties": {"inner": {"type": "string"}}}, **properties}
            tree[name]["properties"] = {
                **grown,
                "z_new_one": {"type": "array", "items": copy.deepcopy(grown["a_new_one"])},
            }
        tree["BetStatus"]["x-extensible-enum"].insert(0, "cancelled")
        tree["RollbackReason"]["x-extensible-enum"].append("other")

    rewritten(folder / "schemas/bets.yaml", more_properties)
    rewritten(
        folder / "paths/bets.yaml",
        lambda tree: tree["collection"]["get"]["parameters"].insert(
            0, {"name": "brand", "in": "query", "schema": {"type": "string"}}
        ),
    )
    job = job_for_file(folder / "openapi.yaml", "python-sdk", Path("out"), "provider_api_v1")
    for lock in (provider_emitted.names, {}):
        emitted = generate(job, lock)
        before, after = public_names(provider_emitted), public_names(emitted)
        assert {path: names - after.get(path, set()) for path, names in before.items()} == {
            path: set() for path in before
        }
        assert sum(map(len, after.values())) > sum(map(len, before.values()))
    for path, text in emitted.files.items():
        target = tmp_path / "sdk" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    (tmp_path / "sdk/old_code.py").write_text(OLD_CODE)
    found = run("mypy", "--strict", "--no-incremental", "old_code.py", cwd=tmp_path / "sdk", MYPYPATH="src")
    assert found.returncode == 0, found.stdout
