"""`treaty.yaml`: which contracts there are, and what is asked of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from treaty.changes.catalogue import rules
from treaty.changes.change import Level
from treaty.errors import DocumentError, PolicyError
from treaty.govern.compatibility import Mode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.documents.document import Document
    from treaty.documents.location import JsonValue, Pointer

FILE_NAME = "treaty.yaml"
EDITION = "2026.1"


@dataclass(frozen=True, slots=True)
class ContractPolicy:
    """One entry of the catalogue. ``paths`` are globs relative to the policy file; ``levels`` override those of the
    policy."""

    name: str
    paths: tuple[str, ...]
    format: str | None = None
    owner: str | None = None
    stability: str | None = None
    mode: Mode | None = None
    content: str | None = None
    surfaces: tuple[str, ...] = ()
    levels: Mapping[str, Level | None] = field(default_factory=dict)
    subject: str | None = None
    references: tuple[str, ...] = ()
    lint: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Versioning:
    """How versions are declared: whether a major needs a folder of its own, and what an unraised version is.

    ``tags`` is the pattern of release tags; ``{contract}`` in it stands for the name of the contract.
    """

    major: str = "new-path"
    unraised: str = "error"
    tags: str = "v*"


@dataclass(frozen=True, slots=True)
class LifecyclePolicy:
    """Days of notice before a removal, and whether a deprecation must name its sunset.

    ``unannounced_removal`` is what a removal that breaks and was never announced is, under a major that carries it:
    error, warn or off. ``usage_window_days`` is how long something must not have been used before it may go.
    """

    min_notice_days: int = 0
    sunset_required: bool = False
    max_waiver_days: int = 90
    unannounced_removal: str = "warn"
    usage_window_days: int = 30


@dataclass(frozen=True, slots=True)
class Policy:
    """A read `treaty.yaml`; ``root`` is its folder, ``document`` the file itself (None for the policy of no file)."""

    root: Path
    edition: str = EDITION
    contracts: Mapping[str, ContractPolicy] = field(default_factory=dict)
    versioning: Versioning = field(default_factory=Versioning)
    levels: Mapping[str, Level | None] = field(default_factory=dict)
    frozen: tuple[str, ...] = ()
    unstable: frozenset[str] = frozenset({"draft", "alpha"})
    assert_formats: bool = True
    lifecycle: LifecyclePolicy = field(default_factory=LifecyclePolicy)
    lint: Mapping[str, JsonValue] = field(default_factory=dict)
    waivers: str = ".treaty/waivers"
    remote_hosts: tuple[str, ...] = ()
    generate: Mapping[str, JsonValue] = field(default_factory=dict)
    registry: Mapping[str, JsonValue] = field(default_factory=dict)
    document: Document | None = None

    def levels_for(self, contract: ContractPolicy | None) -> Mapping[str, Level | None]:
        """The overrides in force for one contract."""
        return {**self.levels, **contract.levels} if contract is not None else self.levels

    def tags_of(self, contract: ContractPolicy) -> str:
        """The pattern of the release tags of one contract, as `git tag --list` takes it."""
        return self.versioning.tags.replace("{contract}", contract.name)


@cache
def policy_schema() -> dict[str, JsonValue]:
    """The published JSON Schema of `treaty.yaml`."""
    schema: dict[str, JsonValue] = json.loads(Path(__file__).with_name("policy.schema.json").read_text("utf-8"))
    return schema


def find_policy(start: Path) -> Path | None:
    """The nearest `treaty.yaml` in ``start`` or a folder above it."""
    for folder in (start, *start.parents):
        candidate = folder / FILE_NAME
        if candidate.is_file():
            return candidate
    return None


def load_policy(path: Path) -> Policy:
    """Read and check a policy file. Raises PolicyError with line and column for whatever is wrong in it."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise PolicyError(f"cannot read {path}: {error.strerror}") from error
    return read_policy(text, path)


def read_policy(text: bytes, path: Path) -> Policy:
    """The policy that ``text`` says, as if it stood at ``path``."""
    from treaty.documents.document import read_document
    from treaty.documents.validation import violations

    try:
        document = read_document(text, path.name, _shown(path))
    except DocumentError as error:
        raise PolicyError(error.problem, location=error.location, advice=error.advice) from error
    for violation in violations(document.tree, policy_schema()):
        raise PolicyError(violation.message, location=document.locate(violation.pointer), advice=violation.advice)
    tree = document.tree
    assert isinstance(tree, dict)
    return _policy(tree, document, path.parent.absolute())


def _policy(tree: dict[str, JsonValue], document: Document, root: Path) -> Policy:
    versioning, lifecycle = _object(tree, "versioning"), _object(tree, "lifecycle")
    stability = _object(tree, "stability").get("unstable")
    contracts = {
        name: _contract(name, raw, document)
        for name, raw in _object(tree, "contracts").items()
        if isinstance(raw, dict)
    }
    return Policy(
        root=root,
        edition=str(tree.get("edition", EDITION)),
        contracts=contracts,
        versioning=Versioning(
            str(versioning.get("major", "new-path")),
            str(versioning.get("unraised", "error")),
            str(versioning.get("tags", "v*")),
        ),
        levels=_levels(_object(tree, "rules"), document, ("rules",)),
        frozen=_strings(tree.get("frozen")),
        unstable=frozenset(_strings(stability)) if stability is not None else frozenset({"draft", "alpha"}),
        assert_formats=tree.get("formats", "assert") == "assert",
        lifecycle=LifecyclePolicy(
            _days(lifecycle.get("min_notice"), 0),
            lifecycle.get("sunset_required") is True,
            _days(lifecycle.get("max_waiver_age"), 90),
            # Whoever states a lifecycle policy means it; whoever states none is only told.
            str(lifecycle.get("unannounced_removal", "error" if "lifecycle" in tree else "warn")),
            _days(lifecycle.get("usage_window"), 30),
        ),
        lint=_object(tree, "lint"),
        waivers=str(tree.get("waivers", ".treaty/waivers")),
        remote_hosts=_strings(_object(tree, "references").get("remote")),
        generate=_object(tree, "generate"),
        registry=_object(tree, "registry"),
        document=document,
    )


def _contract(name: str, raw: dict[str, JsonValue], document: Document) -> ContractPolicy:
    path = raw["path"]
    mode = raw.get("mode")
    return ContractPolicy(
        name=name,
        paths=_strings(path) or (str(path),),
        format=_text(raw.get("format")),
        owner=_text(raw.get("owner")),
        stability=_text(raw.get("stability")),
        mode=Mode(mode) if isinstance(mode, str) else None,
        content=_text(raw.get("content")),
        surfaces=_strings(raw.get("surfaces")),
        levels=_levels(_object(raw, "rules"), document, ("contracts", name, "rules")),
        subject=_text(raw.get("subject")),
        references=_strings(raw.get("references")),
        lint={rule: str(severity) for rule, severity in _object(raw, "lint").items()},
    )


def _levels(raw: Mapping[str, JsonValue], document: Document, pointer: Pointer) -> dict[str, Level | None]:
    levels: dict[str, Level | None] = {}
    known = rules()
    for key, value in raw.items():
        rule, _, role = key.partition("@")
        if rule not in known or role not in ("", "reads", "writes"):
            import difflib

            meant = difflib.get_close_matches(rule, known, n=1)
            raise PolicyError(
                f"no rule is called `{key}`" if rule not in known else f"`@{role}` is neither `@reads` nor `@writes`",
                location=document.locate((*pointer, key)),
                advice=f"did you mean `{meant[0]}`?" if meant else "`treaty rules` lists them",
            )
        levels[key] = None if value == "off" else Level(str(value))
    return levels


def _object(raw: Mapping[str, JsonValue], name: str) -> dict[str, JsonValue]:
    value = raw.get(name)
    return value if isinstance(value, dict) else {}


def _strings(value: JsonValue) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None


def _days(value: JsonValue, default: int) -> int:
    return int(value[:-1]) if isinstance(value, str) else default


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
