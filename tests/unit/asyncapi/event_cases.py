"""The case files of AsyncAPI: two merge patches over one document, and what is told forwards and backwards.

A case holds ``old`` and ``new`` (with ``major``: the major version of the document they patch, 3 unless said),
``forwards`` and ``backwards`` as lists of ``level rule: element``, ``settings`` and ``files`` beside the document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from treaty.changes.change import Change, Level
from treaty.changes.comparison import Settings, Side, compare_documents
from treaty.documents.library import Library
from treaty.documents.source import TextSource
from treaty.model.roles import Role

CASES = Path(__file__).parents[2] / "cases" / "asyncapi"
ROLES = {"FULL": Role.BOTH, "BACKWARD": Role.READS, "FORWARD": Role.WRITES}
NAME = "asyncapi.yaml"


@dataclass(frozen=True)
class EventCase:
    name: str
    old: dict[str, Any]
    new: dict[str, Any]
    forwards: tuple[str, ...] = ()
    backwards: tuple[str, ...] = ()
    settings: Settings = field(default_factory=Settings)
    old_files: dict[str, str] = field(default_factory=dict)
    new_files: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name

    def compare(self, *, backwards: bool = False) -> tuple[Change, ...]:
        old, new = self.side(new=backwards), self.side(new=not backwards)
        return compare_documents(old, new, self.settings)

    def side(self, *, new: bool) -> Side:
        tree, files = (self.new, self.new_files) if new else (self.old, self.old_files)
        return side(tree, files)


def side(tree: dict[str, Any], files: dict[str, str] | None = None) -> Side:
    text = yaml.safe_dump(tree, sort_keys=False).encode()
    library = Library(TextSource({NAME: text, **{name: each.encode() for name, each in (files or {}).items()}}))
    return Side(library, library.open(NAME))


def told(changes: tuple[Change, ...]) -> list[str]:
    return sorted(f"{change.level} {change.rule}: {change.element}" for change in changes)


def cases_of(path: Path) -> list[EventCase]:
    return [_case(path.stem, raw) for raw in yaml.safe_load(path.read_text())]


def all_cases() -> list[EventCase]:
    return [
        case for path in sorted(CASES.glob("*.yaml")) if not path.stem.startswith("base-") for case in cases_of(path)
    ]


@cache
def base(major: int) -> dict[str, Any]:
    return yaml.safe_load((CASES / f"base-{major}.yaml").read_text())


def patched(patch: dict[str, Any]) -> dict[str, Any]:
    changes = dict(patch)
    return _merged(base(changes.pop("major", 3)), changes)


def _case(file: str, raw: dict[str, Any]) -> EventCase:
    known = {"name", "old", "new", "forwards", "backwards", "settings", "files"}
    assert raw.keys() <= known, f"{file}: unknown {raw.keys() - known}"
    files = raw.get("files", {})
    return EventCase(
        name=f"{file}: {raw['name']}",
        old=patched(raw.get("old", {})),
        new=patched(raw.get("new", {})),
        forwards=tuple(sorted(_expected(raw.get("forwards", [])))),
        backwards=tuple(sorted(_expected(raw.get("backwards", [])))),
        settings=_settings(raw.get("settings", {})),
        old_files=files.get("both", {}) | files.get("old", {}),
        new_files=files.get("both", {}) | files.get("new", {}),
    )


def _expected(listed: list[dict[str, str]]) -> list[str]:
    return [f"{what}: {element}" for entry in listed for what, element in entry.items()]


def _settings(raw: dict[str, Any]) -> Settings:
    levels = {rule: None if level == "off" else Level(level) for rule, level in raw.pop("rules", {}).items()}
    mode = ROLES[raw.pop("mode")] if "mode" in raw else Role.NONE
    return Settings(levels=levels, mode_roles=mode, **raw)


def _merged(target: Any, patch: Any) -> Any:
    """RFC 7386."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = _merged(result.get(key), value)
    return result
