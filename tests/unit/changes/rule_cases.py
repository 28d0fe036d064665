"""The case files of the rules about schemas and the OpenAPI contract around them: `tests/cases/<family>/<rule>.yaml`,
or `cases.yaml` for a family, where a case about a schema names its ``rule``.

A case is about a schema or about a contract. One about a schema holds ``old`` and ``new`` and the level of the rule
where the owner ``reads`` such values and where it ``writes`` them in a field (``none``: nothing is told); ``answer``
and ``delivery`` where a whole answer or a delivery is judged otherwise, ``strict`` both levels under the strict content
model where they are not those of the plain table. ``also`` are findings beside that of the rule, ``element`` the way
from the schema to what changed, ``effect`` that of the finding where it is not the rule's. ``backwards`` are all
findings of the pair exchanged where the reverse rule is not the whole answer. ``witness`` is false where no validator
sees the difference.

One about a contract holds fragments (see :mod:`tests.unit.changes.contract_fragments`), ``forwards`` and ``backwards``
as lists of ``level rule: element``, and ``settings`` of the policy. ``alike`` are two schemas, and ``same`` two
contracts, between which nothing is told in either direction, except what is listed under ``also``.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from treaty.changes.catalogue import rules
from treaty.changes.change import Effect, Level
from treaty.changes.comparison import Settings
from treaty.changes.levels import level_of
from treaty.model.roles import Role, Standing

Json: TypeAlias = Any
Levels: TypeAlias = tuple[str, ...]
"""The level where values are read, where they are written in a field, and, where it differs, in a delivery."""

CASES = Path(__file__).parents[2] / "cases"
FAMILIES = (
    "operations", "parameters", "content", "responses", "security", "types", "enumerations", "limits", "strings",
    "properties", "unions", "proven", "documentation", "lifecycle", "silent",
)  # fmt: skip
STANDINGS = (Standing.REQUEST, Standing.FIELD, Standing.ANSWER, Standing.DELIVERY)
_SCHEMA = {
    "name", "old", "new", "reads", "writes", "answer", "delivery", "strict", "also", "element", "effect", "backwards",
    "witness", "version", "components",
}  # fmt: skip
_CONTRACT = {"name", "old", "new", "forwards", "backwards", "settings", "version"}


@dataclass(frozen=True, kw_only=True)
class SchemaCase:
    """Two schemas, and what is told of them by standing and direction."""

    rule: str
    name: str
    old: Json
    new: Json
    reads: str
    writes: str
    answer: str | None = None
    delivery: str | None = None
    strict: Levels | None = None
    also: dict[str, Levels] = field(default_factory=dict)
    element: str = ""
    effect: str | None = None
    backwards: dict[str, Levels] | None = None
    witness: bool = True
    version: str = "3.1.0"
    components: Json = None

    def __str__(self) -> str:
        return f"{self.rule}: {self.name}"

    def expected(self, standing: Standing) -> set[tuple[str, str]]:
        """Rule and level of each finding from old to new."""
        own = {
            Standing.REQUEST: self.reads,
            Standing.FIELD: self.writes,
            Standing.ANSWER: self.answer or self.writes,
            Standing.DELIVERY: self.delivery or self.writes,
        }[standing]
        told = {(self.rule, own)} | _standing(self.also, standing)
        return {(rule, level) for rule, level in told if level != "none"}

    def expected_backwards(self, standing: Standing) -> set[tuple[str, str]]:
        """Of each finding from new to old: what is written, else the reverse rules at the levels of their rows."""
        if self.backwards is not None:
            return {(rule, level) for rule, level in _standing(self.backwards, standing) if level != "none"}
        felt = rules()[self.rule].effect if self.effect is None else Effect(self.effect)
        told = {_reversed(self.rule, felt, standing)}
        for rule in self.also:
            told.add(_reversed(rule, rules()[rule].effect, standing))
        return told

    def expected_strict(self) -> Levels:
        if self.strict is not None:
            return self.strict
        row, effect = rules()[self.rule], self.effect
        felt = row.effect if effect is None else Effect(effect)
        reads, writes = (level_of(row, felt, role, strict=True).value for role in (Role.READS, Role.WRITES))
        return ("none" if self.reads == "none" else reads, "none" if self.writes == "none" else writes)


@dataclass(frozen=True, kw_only=True)
class ContractCase:
    """Two fragments of a contract, and everything that is told of them."""

    rule: str
    name: str
    old: Json
    new: Json
    forwards: tuple[str, ...] = ()
    backwards: tuple[str, ...] = ()
    settings: Settings = field(default_factory=Settings)
    version: str = "3.1.0"

    def __str__(self) -> str:
        return f"{self.rule}: {self.name}"


def cases_of(path: Path) -> list[SchemaCase | ContractCase]:
    return [_case(path.stem, raw) for raw in yaml.safe_load(path.read_text(encoding="utf-8"))]


def all_cases() -> list[SchemaCase | ContractCase]:
    """Every case of every family of the core."""
    return [case for family in FAMILIES for path in sorted((CASES / family).glob("*.yaml")) for case in cases_of(path)]


def _case(rule: str, raw: Json) -> SchemaCase | ContractCase:
    if "same" in raw:
        old, new = raw.pop("same")
        return _case("same", raw | {"old": old, "new": new, "forwards": [], "backwards": []})
    if "alike" in raw:
        old, new = raw.pop("alike")
        also = {name: tuple(levels) for name, levels in raw.pop("also", {}).items()}
        return SchemaCase(
            rule="alike", old=old, new=new, reads="none", writes="none", strict=("none", "none"), also=also,
            backwards=also, **raw,
        )  # fmt: skip
    rule = raw.pop("rule", rule)
    if "forwards" in raw:
        assert raw.keys() <= _CONTRACT, f"{rule}: unknown {raw.keys() - _CONTRACT}"
        forwards, backwards = (_told(raw.pop(way, [])) for way in ("forwards", "backwards"))
        settings = _settings(raw.pop("settings", {}))
        return ContractCase(rule=rule, forwards=forwards, backwards=backwards, settings=settings, **raw)
    assert raw.keys() <= _SCHEMA, f"{rule}: unknown {raw.keys() - _SCHEMA}"
    for name in ("also", "backwards"):
        if name in raw:
            raw[name] = {other: tuple(levels) for other, levels in raw[name].items()}
    if "strict" in raw:
        raw["strict"] = tuple(raw["strict"])
    return SchemaCase(rule=rule, **raw)


def _told(listed: list[dict[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(f"{what}: {element}" for entry in listed for what, element in entry.items()))


def _settings(raw: Json) -> Settings:
    levels = {rule: None if level == "off" else Level(level) for rule, level in raw.pop("rules", {}).items()}
    if "today" in raw:
        assert isinstance(raw["today"], datetime.date)
    return Settings(levels=levels, **raw)


def _standing(findings: dict[str, Levels], standing: Standing) -> set[tuple[str, str]]:
    place = 0 if standing is Standing.REQUEST else 2 if standing is Standing.DELIVERY else 1
    return {(rule, levels[min(place, len(levels) - 1)]) for rule, levels in findings.items()}


def _reversed(rule: str, effect: Effect, standing: Standing) -> tuple[str, str]:
    reverse = rules()[rule].reverse
    assert reverse is not None, f"{rule} has no reverse: say what is told backwards"
    return reverse, level_of(rules()[reverse], effect.reversed(), standing.role, standing=standing).value
