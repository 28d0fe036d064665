"""What the benchmarks of reading read: two real documents, a YAML file and a repository, made once and kept."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue

CACHE = Path(__file__).parent / ".cache"
RELEASES = ("19.1.0", "23.0.2")
JSON = [CACHE / f"api.github.com-{release}.json" for release in RELEASES]
MINIFIED = CACHE / "minified.json"
YAML = CACHE / "4mb.yaml"
REPOSITORY = CACHE / "repository"
YAML_SIZE = 4_000_000
CONTRACTS = 2_900
_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_/.{}-]*(?: [A-Za-z0-9_/.{}-]+)*")


def make_inputs() -> None:
    """Fetch and build what is not there yet; needs npm and its registry the first time."""
    CACHE.mkdir(exist_ok=True)
    _fetch_json()
    _make_yaml()
    _make_repository()


def _fetch_json() -> None:
    for release, file in zip(RELEASES, JSON, strict=True):
        if file.exists():
            continue
        subprocess.run(
            ["npm", "pack", "--silent", f"@octokit/openapi@{release}"], cwd=CACHE, check=True, stdout=sys.stderr
        )
        import tarfile

        package = CACHE / f"octokit-openapi-{release}.tgz"
        with tarfile.open(package) as archive:
            member = archive.extractfile("package/generated/api.github.com.json")
            assert member is not None
            file.write_bytes(member.read())
        package.unlink()
    if not MINIFIED.exists():
        MINIFIED.write_text(json.dumps(json.loads(JSON[-1].read_bytes()), separators=(",", ":")))


def _make_yaml() -> None:
    if not YAML.exists():
        tree = json.loads(JSON[0].read_bytes())
        lines = [f"openapi: {tree['openapi']}", "info:", *yaml_lines(tree["info"], 1), "paths:"]
        size = 0
        for path, item in tree["paths"].items():
            added = [f"  {_yaml_scalar(path)}:", *yaml_lines(item, 2)]
            size += sum(map(len, added)) + len(added)
            if size > YAML_SIZE * 0.55:
                break
            lines += added
        lines += ["components:", "  schemas:"]
        for name, schema in tree["components"]["schemas"].items():
            added = [f"    {_yaml_scalar(name)}:", *yaml_lines(schema, 3)]
            size += sum(map(len, added)) + len(added)
            if size > YAML_SIZE:
                break
            lines += added
        YAML.write_text("\n".join(lines) + "\n")


def yaml_lines(tree: JsonValue, level: int) -> list[str]:
    """Block style, as people write it."""
    indent = "  " * level
    lines: list[str] = []
    if isinstance(tree, dict):
        for key, value in tree.items():
            if isinstance(value, (dict, list)) and value:
                lines += [f"{indent}{_yaml_scalar(key)}:", *yaml_lines(value, level + 1)]
            else:
                lines.append(f"{indent}{_yaml_scalar(key)}: {_yaml_scalar(value)}")
    elif isinstance(tree, list):
        for item in tree:
            if isinstance(item, (dict, list)) and item:
                first, *rest = yaml_lines(item, level + 1)
                lines += [f"{indent}- {first.lstrip()}", *rest]
            else:
                lines.append(f"{indent}- {_yaml_scalar(item)}")
    return lines


def _yaml_scalar(value: JsonValue) -> str:
    words = ("true", "false", "null")
    plain = isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in words
    return str(value) if plain else json.dumps(value, ensure_ascii=False)


def _make_repository() -> None:
    root = REPOSITORY
    if not (root / ".git" / "done").exists():
        shutil.rmtree(root, ignore_errors=True)
        tree = json.loads(JSON[0].read_bytes())
        paths = list(tree["paths"].items())
        for number in range(CONTRACTS):
            contract = {"openapi": "3.0.3", "info": {"title": f"c{number}", "version": "1.0.0"}}
            contract["paths"] = dict([paths[number % len(paths)]])
            file = root / "contracts" / f"c{number:04}" / "openapi.json"
            file.parent.mkdir(parents=True)
            file.write_text(json.dumps(contract, indent=2))
        identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"]
        for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "all"]):
            subprocess.run(["git", *identity, *command], cwd=root, check=True)
        touched = root / "contracts" / "c0007" / "openapi.json"
        touched.write_text(touched.read_text() + "\n")
        subprocess.run(["git", *identity, "commit", "-qam", "one"], cwd=root, check=True)
        (root / ".git" / "done").touch()


if __name__ == "__main__":
    make_inputs()
