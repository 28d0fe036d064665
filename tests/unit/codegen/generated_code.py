"""Contracts made in a test, generated in memory, and imported from a folder of their own."""

from __future__ import annotations

import contextlib
import importlib
import itertools
import json
import sys
from typing import TYPE_CHECKING

from treaty_codegen.generating import generate
from treaty_codegen.jobs import job_for_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import ModuleType

    from treaty.documents.location import JsonValue
    from treaty_codegen.outcome import Emitted

_numbers = itertools.count(1)


def openapi(
    schemas: Mapping[str, JsonValue] | None = None,
    paths: Mapping[str, JsonValue] | None = None,
    *,
    version: str = "3.1.0",
    **more: JsonValue,
) -> dict[str, JsonValue]:
    """A small OpenAPI document."""
    components: dict[str, JsonValue] = {"schemas": dict(schemas or {})}
    given = more.pop("components", None)
    return {
        "openapi": version,
        "info": {"title": "Sample API", "version": "1.0.0"},
        "paths": dict(paths or {}),
        "components": components | (given if isinstance(given, dict) else {}),
        **more,
    }


def operation(answer: JsonValue = None, body: JsonValue = None, **more: JsonValue) -> dict[str, JsonValue]:
    """One operation with JSON bodies; ``answer`` and ``body`` are schemas."""
    found: dict[str, JsonValue] = {
        "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": answer}}}}
        if answer is not None
        else {"204": {"description": "done"}},
        **more,
    }
    if body is not None:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return found


def emit(
    document: Mapping[str, JsonValue] | Path,
    folder: Path,
    target: str = "python-sdk",
    lock: Mapping[str, str] | None = None,
    name: str = "openapi.json",
) -> Emitted:
    """What is generated from a document, under a package name nobody else has."""
    path = document if not isinstance(document, dict) else folder / name
    if isinstance(document, dict):
        path.write_text(json.dumps(document), "utf-8")
    package = f"generated_{next(_numbers)}"
    return generate(job_for_file(path, target, folder / "out", package), lock or {})


@contextlib.contextmanager
def imported(emitted: Emitted, folder: Path) -> Iterator[ModuleType]:
    """The generated package, imported for as long as the block runs."""
    root = folder / "imported"
    for path, text in emitted.files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    package = package_of(emitted)
    source = root / "src" if (root / "src" / package).is_dir() else root
    sys.path.insert(0, str(source))
    try:
        importlib.invalidate_caches()
        yield importlib.import_module(package)
    finally:
        sys.path.remove(str(source))
        for module in [each for each in sys.modules if each == package or each.startswith(f"{package}.")]:
            del sys.modules[module]


def package_of(emitted: Emitted) -> str:
    """The name of the generated package."""
    path = next(path for path in emitted.files if path.endswith("/__init__.py") and path.count("/") <= 2)
    return path.split("/")[-2]


def source_of(emitted: Emitted, name: str) -> str:
    """The text of one generated module, such as ``models.py``."""
    return next(text for path, text in emitted.files.items() if path.endswith(f"/{name}") and "_runtime" not in path)
