"""What can be set for a subject, a context or everything: the compatibility config and the mode."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from treaty.govern.compatibility import Mode as Level
from treaty_registry.errors import RegistryError
from treaty_registry.model.governance import Metadata, RuleSet

if TYPE_CHECKING:
    from collections.abc import Callable

    from treaty.documents.location import JsonValue
    from treaty_registry.model.members import Members

T = TypeVar("T")

POLICIES = ("STRICT", "LENIENT")


class Mode(enum.StrEnum):
    """What may be done to a subject.

    READONLY_OVERRIDE, set for everything, wins over the modes of contexts and subjects. In IMPORT and FORWARD schemas
    come with their ids, and compatibility is not asked.
    """

    READWRITE = "READWRITE"
    READONLY = "READONLY"
    READONLY_OVERRIDE = "READONLY_OVERRIDE"
    IMPORT = "IMPORT"
    FORWARD = "FORWARD"

    @classmethod
    def read(cls, text: str | None) -> Mode:
        """The mode called ``text`` in any case; raises RegistryError 42204 for any other."""
        if text is None or text.upper() not in cls.__members__:
            raise RegistryError(42204, f"Invalid mode {text!r}. Valid values are {', '.join(cls)}")
        return cls[text.upper()]

    @property
    def read_only(self) -> bool:
        return self in (Mode.READONLY, Mode.READONLY_OVERRIDE)

    @property
    def with_ids(self) -> bool:
        return self in (Mode.IMPORT, Mode.FORWARD)


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one scope; None means that the next wider scope decides.

    ``level`` is a compatibility level, ``policy`` STRICT or LENIENT, ``group`` the metadata property whose equal values
    are compared with each other, ``alias`` the subject that stands for this one.
    """

    level: str | None = None
    policy: str | None = None
    group: str | None = None
    normalize: bool | None = None
    validate_fields: bool | None = None
    validate_new_schemas: bool | None = None
    validate_rules: bool | None = None
    alias: str | None = None
    default_metadata: Metadata | None = None
    override_metadata: Metadata | None = None
    default_rules: RuleSet | None = None
    override_rules: RuleSet | None = None

    def updated(self, members: Members, level_name: str = "compatibility") -> Config:
        """This config with the members of an update on top: a null takes a setting away, an absent one keeps it.

        The level may also be called what ``GET`` calls it, for some clients send back what they got.

        Raises RegistryError 42203 for an unknown level or policy, 42210 for a rule set no client can run, 400 for a
        wrong type.
        """

        if level_name not in members and "compatibilityLevel" in members:
            level_name = "compatibilityLevel"

        def kept(name: str, current: T, read: Callable[[str], T]) -> T:
            return read(name) if name in members else current

        def metadata(name: str) -> Metadata | None:
            return Metadata.read(members.object(name))

        def rules(name: str) -> RuleSet | None:
            return RuleSet.read(members.object(name))

        changed = Config(
            level=kept(level_name, self.level, lambda name: _level(members.text(name))),
            policy=kept("compatibilityPolicy", self.policy, lambda name: _policy(members.text(name))),
            group=kept("compatibilityGroup", self.group, lambda name: members.text(name) or None),
            normalize=kept("normalize", self.normalize, members.flag),
            validate_fields=kept("validateFields", self.validate_fields, members.flag),
            validate_new_schemas=kept("validateNewSchemas", self.validate_new_schemas, members.flag),
            validate_rules=kept("validateRules", self.validate_rules, members.flag),
            alias=kept("alias", self.alias, lambda name: members.text(name) or None),
            default_metadata=kept("defaultMetadata", self.default_metadata, metadata),
            override_metadata=kept("overrideMetadata", self.override_metadata, metadata),
            default_rules=kept("defaultRuleSet", self.default_rules, rules),
            override_rules=kept("overrideRuleSet", self.override_rules, rules),
        )
        if changed.validate_rules is not False:
            for rule_set in (changed.default_rules, changed.override_rules):
                if rule_set is not None:
                    rule_set.check()
        return changed

    def over(self, wider: Config) -> Config:
        """This config where it decides, ``wider`` elsewhere. An alias belongs to its own scope alone."""
        return Config(
            level=self.level or wider.level,
            policy=self.policy or wider.policy,
            group=self.group or wider.group,
            normalize=_first(self.normalize, wider.normalize),
            validate_fields=_first(self.validate_fields, wider.validate_fields),
            validate_new_schemas=_first(self.validate_new_schemas, wider.validate_new_schemas),
            validate_rules=_first(self.validate_rules, wider.validate_rules),
            alias=self.alias,
            default_metadata=_first(self.default_metadata, wider.default_metadata),
            override_metadata=_first(self.override_metadata, wider.override_metadata),
            default_rules=_first(self.default_rules, wider.default_rules),
            override_rules=_first(self.override_rules, wider.override_rules),
        )

    @property
    def has_governance(self) -> bool:
        """Whether registration has metadata or rules to add."""
        return any((self.default_metadata, self.override_metadata, self.default_rules, self.override_rules))

    def json(self, level_name: str = "compatibilityLevel") -> dict[str, JsonValue]:
        """The members as the API names them: answers to ``PUT`` say ``compatibility``, to ``GET``
        ``compatibilityLevel``.
        """
        members: dict[str, JsonValue] = {
            "alias": self.alias,
            "normalize": self.normalize,
            "validateFields": self.validate_fields,
            "validateNewSchemas": self.validate_new_schemas,
            "validateRules": self.validate_rules,
            level_name: self.level,
            "compatibilityPolicy": self.policy,
            "compatibilityGroup": self.group,
        }
        governance = {
            "defaultMetadata": self.default_metadata,
            "overrideMetadata": self.override_metadata,
            "defaultRuleSet": self.default_rules,
            "overrideRuleSet": self.override_rules,
        }
        members |= {name: value.json() for name, value in governance.items() if value is not None}
        return {name: value for name, value in members.items() if value is not None}


def _first(mine: T | None, wider: T | None) -> T | None:
    return wider if mine is None else mine


def _level(text: str | None) -> str | None:
    if text is None:
        return None
    if text.upper() not in Level.__members__:
        raise RegistryError(42203, f"Invalid compatibility level {text!r}. Valid values are {', '.join(Level)}")
    return text.upper()


def _policy(text: str | None) -> str | None:
    if text is None:
        return None
    if text.upper() not in POLICIES:
        raise RegistryError(42203, f"Invalid compatibility policy {text!r}. Valid values are {', '.join(POLICIES)}")
    return text.upper()
