"""Rules about the names of Avro types and their aliases."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.changes.rules.avro.sources import ALIASES, NAMES, RESOLUTION
from treaty.model.roles import Role

RULES: tuple[Rule, ...] = (
    Rule(
        id="avro-name-changed",
        effect=Effect.REPLACES,
        summary="A named type has another name, and no alias leads from one to the other.",
        message="{subject} was the type {before} and is now {after}",
        why="Readers match records, enums and fixed types by name. Under another name the type is another type, even if "
        "everything in it is the same, and data of one is refused by readers of the other.",
        before='{"type": "record", "name": "Bet", "fields": []}',
        after='{"type": "record", "name": "Wager", "fields": []}',
        safe='Give the new type the old name as an alias: `"aliases": ["Bet"]`. New readers then take old data; upgrade '
        "them before the writers.",
        source=RESOLUTION,
        reverse="avro-name-changed",
    ),
    Rule(
        id="avro-type-renamed",
        effect=Effect.WIDENS,
        summary="A named type has a new name and keeps the old one as an alias.",
        message="{subject} was the type {before} and is now {after}, with the old name as an alias",
        why="New readers take old data through the alias. Old readers have never heard of the new name and refuse it: "
        "the aliases of the writer's schema do nothing.",
        before='{"type": "record", "name": "Bet", "fields": []}',
        after='{"type": "record", "name": "Wager", "aliases": ["Bet"], "fields": []}',
        safe="Upgrade every reader first, then the writers. Where readers cannot go first, keep the name.",
        source=ALIASES,
        reverse="avro-type-renamed-to-alias",
        deviations=(Deviation(Role.BOTH, Level.ADDITIVE, "Both sides know both names.", effect=Effect.NONE),),
    ),
    Rule(
        id="avro-type-renamed-to-alias",
        effect=Effect.NARROWS,
        summary="A named type took the name that was one of its aliases, and its own is gone.",
        message="{subject} was the type {before} and is now {after}, which was one of its aliases",
        why="Old readers take new data through their alias. New readers do not know the name under which data was "
        "written until now, and refuse it.",
        before='{"type": "record", "name": "Wager", "aliases": ["Bet"], "fields": []}',
        after='{"type": "record", "name": "Bet", "fields": []}',
        safe='Keep the name that goes as an alias: `"aliases": ["Wager"]`.',
        source=ALIASES,
        reverse="avro-type-renamed",
        deviations=(Deviation(Role.BOTH, Level.ADDITIVE, "Both sides know both names.", effect=Effect.NONE),),
    ),
    Rule(
        id="avro-namespace-changed",
        effect=Effect.NONE,
        summary="A named type moved to another namespace.",
        message="{subject} was {before} and is now {after}",
        why="Schema resolution compares unqualified names, so data is still read. But a union with two types of that "
        "name picks by the full one, generated classes move to another package, and registries that name subjects after "
        "records see another subject.",
        before='{"type": "record", "name": "Bet", "namespace": "casino", "fields": []}',
        after='{"type": "record", "name": "Bet", "namespace": "platform.casino", "fields": []}',
        safe="Keep the old full name as an alias, and move the namespace together with a new major version.",
        source=NAMES,
        reverse="avro-namespace-changed",
        deviations=(
            Deviation(
                Role.BOTH, Level.RISKY, "The data is read, but code and subject names that use the full name change."
            ),
        ),
    ),
    Rule(
        id="avro-alias-added",
        effect=Effect.NONE,
        summary="A type or field is read under one more name.",
        message="{subject} is now also read under the name {after}",
        why="Nobody breaks: an alias only lets new readers take data that was written under another name.",
        before='{"name": "stake", "type": "long"}',
        after='{"name": "stake", "type": "long", "aliases": ["amount"]}',
        safe="Nothing to do.",
        source=ALIASES,
        reverse="avro-alias-removed",
        deviations=(Deviation(Role.BOTH, Level.ADDITIVE, "More data can be read than before."),),
    ),
    Rule(
        id="avro-alias-removed",
        effect=Effect.NONE,
        summary="A type or field is no longer read under one of its other names.",
        message="{subject} is no longer read under the name {before}",
        why="Between these two schemas nobody breaks. Data of older versions that used the old name can no longer be "
        "read; only a transitive mode compares with them.",
        before='{"name": "stake", "type": "long", "aliases": ["amount"]}',
        after='{"name": "stake", "type": "long"}',
        safe="Keep aliases for as long as any data with the old name may be read.",
        source=ALIASES,
        reverse="avro-alias-added",
        deviations=(
            Deviation(Role.READS, Level.RISKY, "Data of older versions may have been written under that name."),
        ),
    ),
    Rule(
        id="avro-alias-taken",
        effect=Effect.NONE,
        summary="An alias names a field that is there under its own name as well.",
        message="{subject} has an alias for a field that is there as well, so readers disagree on which is meant",
        why="One written field cannot be read as two, nor two as one. The specification rewrites names by aliases, other "
        "implementations go by the name first: one of them takes the wrong value, or refuses. Where the field that is "
        "left without a value has no default, every reader refuses.",
        before='[{"name": "amount", "type": "long"}]',
        after='[{"name": "amount", "type": "long"}, {"name": "stake", "type": "long", "aliases": ["amount"]}]',
        safe="Take the alias out, or the field it names.",
        source=ALIASES,
        reverse="avro-alias-taken",
        deviations=(
            Deviation(
                Role.BOTH, Level.RISKY, "Implementations disagree about which field is read.", effect=Effect.NONE
            ),
        ),
    ),
)
