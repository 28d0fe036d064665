"""The reference contracts as trees, read with a loader that knows nothing but `$ref`.

The tests stand on this and not on Treaty's own reader, so that they see the contracts as a stranger's tools do.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT / "contracts"
MAJORS = ("v1", "v2")
METHODS = ("get", "put", "post", "delete", "patch")
AVRO_NAMESPACE = "platform.events.v1"

# The topics of the platform, written out here so that a contract that loses one is found out.
TOPICS = (
    "player.registered",
    "session.started",
    "session.ended",
    "bet.authorized",
    "bet.settled",
    "bet.rolled_back",
    "bonus.issued",
    "bonus.consumed",
    "wager.progress.updated",
    "jackpot.contribution",
    "jackpot.triggered",
    "rg.limit.hit",
    "rg.reality_check",
    "wallet.debit.ok",
    "wallet.debit.failed",
    "wallet.credit.ok",
    "wallet.credit.failed",
)

# A tree of YAML or JSON, whose shape is what the tests are about.
Tree = Any


@functools.cache
def load(path: Path) -> Tree:
    text = path.read_text("utf-8")
    return json.loads(text) if path.suffix in (".json", ".avsc") else yaml.safe_load(text)


@dataclass(frozen=True)
class Place:
    """A value in a file. ``at`` goes down, through any `$ref` it stands on."""

    file: Path
    pointer: tuple[str, ...] = ()

    @property
    def value(self) -> Tree:
        value = load(self.file)
        for key in self.pointer:
            value = value[int(key)] if isinstance(value, list) else value[key]
        return value

    @property
    def uri(self) -> str:
        return self.file.as_uri() + "#" + "".join("/" + k.replace("~", "~0").replace("/", "~1") for k in self.pointer)

    @property
    def target(self) -> Place:
        value = self.value
        if isinstance(value, dict) and isinstance(value.get("$ref"), str):
            return self.follow(value["$ref"]).target
        return self

    def follow(self, reference: str) -> Place:
        name, _, fragment = reference.partition("#")
        file = (self.file.parent / name).resolve() if name else self.file
        return Place(file, tuple(k.replace("~1", "/").replace("~0", "~") for k in fragment.split("/")[1:]))

    def at(self, *keys: str) -> Place:
        place = self.target
        for key in keys:
            place = Place(place.file, (*place.pointer, key)).target
        return place

    def members(self) -> Iterator[tuple[str, Place]]:
        for key in self.target.value:
            yield key, self.at(key)

    def items(self) -> Iterator[Place]:
        for index in range(len(self.target.value)):
            yield self.at(str(index))

    def has(self, key: str) -> bool:
        return key in self.target.value


def _retrieve(uri: str) -> Resource[Tree]:
    return Resource.from_contents(load(Path(url2pathname(urlsplit(uri).path))), default_specification=DRAFT202012)


REGISTRY: Registry[Tree] = Registry(retrieve=_retrieve)  # type: ignore[call-arg]  # attrs alias that mypy does not see


def validator(schema: Place) -> Draft202012Validator:
    return Draft202012Validator({"$ref": schema.uri}, registry=REGISTRY, format_checker=FormatChecker())


def faults(schema: Place, value: Tree) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator(schema).iter_errors(value)]


def root(major: str) -> Place:
    return Place(CONTRACTS / "provider-api" / major / "openapi.yaml")


def operations(major: str, section: str = "paths") -> Iterator[tuple[str, Place, Place]]:
    """Each operation as its name (`POST /v1/…`), its path item and itself."""
    for path, item in root(major).at(section).members():
        for method, operation in item.members():
            if method in METHODS:
                yield f"{method.upper()} {path}", item, operation


def parameters(*owners: Place) -> dict[str, Place]:
    """The parameters of path item and operation by name."""
    found = (p for owner in owners if owner.has("parameters") for p in owner.at("parameters").items())
    return {place.value["name"]: place for place in found}


def media(operation: Place) -> Iterator[tuple[str, Place]]:
    """The bodies of an operation: `request`, then each response by its status."""
    if operation.has("requestBody"):
        yield "request", operation.at("requestBody", "content", "application/json")
    for status, response in operation.at("responses").members():
        if response.has("content"):
            yield status, response.at("content", "application/json")


def bundled(document: Place) -> Tree:
    """The document with everything that other files hold put in its place; references within it stay."""

    def inlined(place: Place, value: Tree) -> Tree:
        if isinstance(value, list):
            return [inlined(place, item) for item in value]
        if not isinstance(value, dict):
            return value
        members = {key: inlined(place, member) for key, member in value.items() if key not in ("$schema", "$defs")}
        reference = value.get("$ref")
        if isinstance(reference, str) and (not reference.startswith("#") or place.file != document.file):
            target = place.follow(reference)
            del members["$ref"]
            return {**inlined(target, target.value), **members}
        return members

    return inlined(document, document.value)


def contract_files(*suffixes: str) -> list[Path]:
    return [path for path in sorted(CONTRACTS.rglob("*")) if path.suffix in suffixes]


def shown(path: Path) -> str:
    return path.relative_to(CONTRACTS).as_posix()


def webhook(topic: str) -> Place:
    return Place(CONTRACTS / "webhooks" / "v1" / f"{topic}.schema.json")


def asyncapi() -> Place:
    return Place(CONTRACTS / "provider-events" / "v1" / "asyncapi.yaml")


def record_name(topic: str) -> str:
    return "".join(part.capitalize() for part in topic.replace("_", ".").split("."))


def avro_file(name: str) -> Path:
    return CONTRACTS / "provider-events" / "v1" / "events" / f"{AVRO_NAMESPACE}.{name}.avsc"
