"""Metadata and rule sets: read, validated, merged, hashed and written the way Confluent clients know them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from treaty_registry.errors import RegistryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from treaty.documents.location import JsonValue
    from treaty_registry.model.members import Members

VERSION_PROPERTY = "confluent:version"
"""The property that carries a version's number inside its own metadata, so that equal schemas may follow each other."""

RESERVED_PROPERTY = "confluent:reserved"
"""The property that lists, with commas, the field names no version may use."""

MIGRATION_MODES = ("UPGRADE", "DOWNGRADE", "UPDOWN")
DOMAIN_MODES = ("WRITE", "READ", "WRITEREAD")
KINDS = ("TRANSFORM", "CONDITION")
MAX_RULE_NAME = 64


@dataclass(frozen=True, slots=True)
class Metadata:
    """Tags by path, properties and the names of sensitive properties, each sorted."""

    tags: tuple[tuple[str, tuple[str, ...]], ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    sensitive: tuple[str, ...] = ()

    @classmethod
    def read(cls, members: Members | None) -> Metadata | None:
        """The metadata of a request body or stored row; raises RegistryError 400 on a wrong type."""
        if members is None:
            return None
        tags = members.object("tags")
        return cls(
            tags=tuple(sorted((path, _distinct(tags.texts(path))) for path in tags.values)) if tags is not None else (),
            properties=tuple(sorted((members.text_map("properties") or {}).items())),
            sensitive=_distinct(members.texts("sensitive")),
        )

    def merged_with(self, over: Metadata) -> Metadata:
        """This metadata with ``over`` on top: its tags and properties win by key, sensitive names are united."""
        return Metadata(
            tags=tuple(sorted((dict(self.tags) | dict(over.tags)).items())),
            properties=tuple(sorted((dict(self.properties) | dict(over.properties)).items())),
            sensitive=_distinct((*self.sensitive, *over.sensitive)),
        )

    def property_named(self, name: str) -> str | None:
        return next((value for key, value in self.properties if key == name), None)

    def with_property(self, name: str, value: str | None) -> Metadata:
        """This metadata with one property set, or without it when ``value`` is None."""
        properties = {key: old for key, old in self.properties if key != name}
        if value is not None:
            properties[name] = value
        return replace(self, properties=tuple(sorted(properties.items())))

    @property
    def reserved_fields(self) -> frozenset[str]:
        """The field names :data:`RESERVED_PROPERTY` lists."""
        listed = self.property_named(RESERVED_PROPERTY) or ""
        return frozenset(name.strip() for name in listed.split(",") if name.strip())

    def json(self) -> dict[str, JsonValue]:
        members: dict[str, JsonValue] = {}
        if self.tags:
            members["tags"] = {path: list(tags) for path, tags in self.tags}
        if self.properties:
            members["properties"] = dict(self.properties)
        if self.sensitive:
            members["sensitive"] = list(self.sensitive)
        return members

    def hashed(self) -> Iterator[bytes]:
        """The bytes an identity is computed over."""
        for path, tags in self.tags:
            yield path.encode()
            yield from (tag.encode() for tag in tags)
        for key, value in self.properties:
            yield key.encode()
            yield value.encode()
        yield from (name.encode() for name in self.sensitive)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a rule set; the registry keeps it, clients run it."""

    name: str | None
    kind: str
    mode: str
    type: str | None
    doc: str | None = None
    tags: tuple[str, ...] = ()
    params: tuple[tuple[str, str], ...] = ()
    expr: str | None = None
    on_success: str | None = None
    on_failure: str | None = None
    disabled: bool = False

    @classmethod
    def read(cls, members: Members) -> Rule:
        """A rule of a request body or stored row.

        Raises RegistryError 400 on a wrong type, 42210 on an unknown kind or mode.
        """
        kind = members.text("kind") or "TRANSFORM"
        mode = members.text("mode") or "WRITEREAD"
        if kind not in KINDS:
            raise RegistryError(42210, f"{members.path}.kind must be one of {', '.join(KINDS)}, not {kind!r}")
        if mode not in (*MIGRATION_MODES, *DOMAIN_MODES):
            allowed = ", ".join((*MIGRATION_MODES, *DOMAIN_MODES))
            raise RegistryError(42210, f"{members.path}.mode must be one of {allowed}, not {mode!r}")
        return cls(
            name=members.text("name"),
            doc=members.text("doc"),
            kind=kind,
            mode=mode,
            type=members.text("type"),
            tags=_distinct(members.texts("tags")),
            params=tuple(sorted((members.text_map("params") or {}).items())),
            expr=members.text("expr"),
            on_success=members.text("onSuccess"),
            on_failure=members.text("onFailure"),
            disabled=bool(members.flag("disabled")),
        )

    def check(self, modes: tuple[str, ...], group: str) -> None:
        """Raises RegistryError 42210 when the rule cannot be run by any client."""
        name = self.name
        if not name:
            raise RegistryError(42210, f"A rule of {group} has no name")
        if len(name) > MAX_RULE_NAME:
            raise RegistryError(
                42210, f"The rule name {name[:MAX_RULE_NAME]!r}… is longer than {MAX_RULE_NAME} characters"
            )
        if not (name[0].isalpha() or name[0] == "_") or not all(c.isalnum() or c in "_-" for c in name):
            allowed = "start with a letter or '_' and go on with letters, digits, '_' and '-'"
            raise RegistryError(42210, f"The rule name {name!r} must {allowed}")
        if self.type is None:
            raise RegistryError(42210, f"The rule {name!r} has no type")
        if self.mode not in modes:
            raise RegistryError(42210, f"The rule {name!r} of {group} must have one of the modes {', '.join(modes)}")
        paired = self.mode in ("WRITEREAD", "UPDOWN")
        if not paired and any("," in (action or "") for action in (self.on_success, self.on_failure)):
            raise RegistryError(42210, f"The rule {name!r} may name two actions only with the mode WRITEREAD or UPDOWN")

    def json(self) -> dict[str, JsonValue]:
        members: dict[str, JsonValue] = {
            "name": self.name,
            "doc": self.doc,
            "kind": self.kind,
            "mode": self.mode,
            "type": self.type,
            "tags": list(self.tags),
            "params": dict(self.params),
            "expr": self.expr,
            "onSuccess": self.on_success,
            "onFailure": self.on_failure,
            "disabled": self.disabled,
        }
        return {key: value for key, value in members.items() if value not in (None, [], {})}

    def hashed(self) -> Iterator[bytes]:
        for text in (self.name, self.doc, self.kind, self.mode, self.type, *self.tags):
            if text is not None:
                yield text.encode()
        for key, value in self.params:
            yield key.encode()
            yield value.encode()
        for text in (self.expr, self.on_success, self.on_failure):
            if text is not None:
                yield text.encode()
        if self.disabled:
            yield b"\x01"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of a schema by group; ``enable_at`` is kept as it was given."""

    migration: tuple[Rule, ...] = ()
    domain: tuple[Rule, ...] = ()
    encoding: tuple[Rule, ...] = ()
    enable_at: str | None = None

    @classmethod
    def read(cls, members: Members | None) -> RuleSet | None:
        """The rule set of a request body or stored row.

        Raises RegistryError 400 on a wrong type, 42210 on an unknown kind or mode.
        """
        if members is None:
            return None
        return cls(
            migration=tuple(Rule.read(rule) for rule in members.objects("migrationRules") or ()),
            domain=tuple(Rule.read(rule) for rule in members.objects("domainRules") or ()),
            encoding=tuple(Rule.read(rule) for rule in members.objects("encodingRules") or ()),
            enable_at=members.text("enableAt"),
        )

    def check(self) -> None:
        """Raises RegistryError 42210 on a rule no client can run, and on two rules of one name."""
        names: set[str | None] = set()
        for group, rules, modes in (
            ("migrationRules", self.migration, MIGRATION_MODES),
            ("domainRules", self.domain, DOMAIN_MODES),
            ("encodingRules", self.encoding, DOMAIN_MODES),
        ):
            for rule in rules:
                rule.check(modes, group)
                if rule.name in names:
                    raise RegistryError(42210, f"Two rules are called {rule.name!r}")
                names.add(rule.name)

    def merged_with(self, over: RuleSet) -> RuleSet:
        """This rule set with ``over`` on top: in each group its rules replace those of the same name and follow the
        rest.
        """
        return RuleSet(
            migration=_merge_rules(self.migration, over.migration),
            domain=_merge_rules(self.domain, over.domain),
            encoding=_merge_rules(self.encoding, over.encoding),
            enable_at=over.enable_at or self.enable_at,
        )

    def has_type(self, rule_type: str) -> bool:
        return any(rule.type == rule_type for rule in (*self.migration, *self.domain, *self.encoding))

    def json(self) -> dict[str, JsonValue]:
        members: dict[str, JsonValue] = {}
        for name, rules in (
            ("migrationRules", self.migration),
            ("domainRules", self.domain),
            ("encodingRules", self.encoding),
        ):
            if rules:
                members[name] = [rule.json() for rule in rules]
        if self.enable_at:
            members["enableAt"] = self.enable_at
        return members

    def hashed(self) -> Iterator[bytes]:
        for rule in (*self.migration, *self.domain, *self.encoding):
            yield from rule.hashed()
        if self.enable_at:
            yield self.enable_at.encode()


def merged_metadata(*layers: Metadata | None) -> Metadata | None:
    """The layers on top of each other, the last on top; None when there is none."""
    merged: Metadata | None = None
    for layer in layers:
        if layer is not None:
            merged = layer if merged is None else merged.merged_with(layer)
    return merged


def merged_rules(*layers: RuleSet | None) -> RuleSet | None:
    """The layers on top of each other, the last on top; None when there is none."""
    merged: RuleSet | None = None
    for layer in layers:
        if layer is not None:
            merged = layer if merged is None else merged.merged_with(layer)
    return merged


def _merge_rules(under: tuple[Rule, ...], over: tuple[Rule, ...]) -> tuple[Rule, ...]:
    replaced = {rule.name for rule in over}
    return (*(rule for rule in under if rule.name not in replaced), *over)


def _distinct(texts: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(sorted(set(texts or ())))
