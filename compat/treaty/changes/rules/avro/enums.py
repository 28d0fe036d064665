"""Rules about Avro enums."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.changes.rules.avro.sources import ENUMS, RESOLUTION, SORTING
from treaty.model.roles import Role

RULES: tuple[Rule, ...] = (
    Rule(
        id="avro-enum-symbol-added",
        effect=Effect.WIDENS,
        summary="An enum has new symbols.",
        message="{subject} has new symbols: {after}",
        why="Old readers meet a symbol they do not know and refuse the datum, unless their enum has a default to take "
        "in its place. The default of the field does not help.",
        before='{"type": "enum", "name": "State", "symbols": ["open", "closed"]}',
        after='{"type": "enum", "name": "State", "symbols": ["open", "closed", "void"]}',
        safe='Give the enum a default (`"symbols": ["unknown", …], "default": "unknown"`), wait until every reader has '
        "it, and add symbols then.",
        source=RESOLUTION,
        reverse="avro-enum-symbol-removed",
        deviations=(
            Deviation(
                Role.BOTH, Level.ADDITIVE, "Old readers take the default of the enum, as planned.", effect=Effect.NONE
            ),
        ),
    ),
    Rule(
        id="avro-enum-symbol-removed",
        effect=Effect.NARROWS,
        summary="An enum lost symbols.",
        message="{subject} lost symbols: {before}",
        why="New readers meet a symbol in data already written that they do not know, and refuse it, unless the enum "
        "has a default. With a default they read on, but what the symbol said is lost.",
        before='{"type": "enum", "name": "State", "symbols": ["open", "closed", "void"]}',
        after='{"type": "enum", "name": "State", "symbols": ["open", "closed"]}',
        safe="Stop writing the symbol and keep it in the enum for as long as data with it may be read.",
        source=RESOLUTION,
        reverse="avro-enum-symbol-added",
        deviations=(
            Deviation(
                Role.READS, Level.RISKY, "Old data with these symbols is read as the default.", effect=Effect.NONE
            ),
            Deviation(Role.WRITES, Level.ADDITIVE, "Old readers know every symbol that is left.", effect=Effect.NONE),
        ),
    ),
    Rule(
        id="avro-enum-symbols-reordered",
        effect=Effect.NONE,
        summary="The symbols of an enum stand in another order.",
        message="the symbols of {subject} were {before} and are now {after}",
        why="Readers that have the writer's schema go by the symbol, so nobody breaks. The bytes and the sort order "
        "differ: programs that read without the writer's schema, or compare or sort encoded data, see a change.",
        before='{"type": "enum", "name": "State", "symbols": ["open", "closed"]}',
        after='{"type": "enum", "name": "State", "symbols": ["closed", "open"]}',
        safe="Add new symbols at the end and leave the others where they are.",
        source=SORTING,
        reverse="avro-enum-symbols-reordered",
    ),
    Rule(
        id="avro-enum-default-added",
        effect=Effect.NONE,
        summary="An enum has a default now.",
        message="{subject} reads unknown symbols as {after} now",
        why="Nobody breaks: readers take the default for symbols they do not know, so that symbols can be added later.",
        before='{"type": "enum", "name": "State", "symbols": ["unknown", "open"]}',
        after='{"type": "enum", "name": "State", "symbols": ["unknown", "open"], "default": "unknown"}',
        safe="Nothing to do.",
        source=ENUMS,
        reverse="avro-enum-default-removed",
        deviations=(Deviation(Role.BOTH, Level.ADDITIVE, "More data can be read than before."),),
    ),
    Rule(
        id="avro-enum-default-removed",
        effect=Effect.NONE,
        summary="An enum lost its default.",
        message="{subject} no longer reads unknown symbols as {before}",
        why="Between these two schemas nobody breaks. Symbols of other versions that this one does not know, older or "
        "newer, are refused from now on.",
        before='{"type": "enum", "name": "State", "symbols": ["unknown", "open"], "default": "unknown"}',
        after='{"type": "enum", "name": "State", "symbols": ["unknown", "open"]}',
        safe="Keep the default: it is what lets symbols be added.",
        source=ENUMS,
        reverse="avro-enum-default-added",
        deviations=(Deviation(Role.READS, Level.RISKY, "Symbols of other versions are refused from now on."),),
    ),
    Rule(
        id="avro-enum-default-changed",
        effect=Effect.NONE,
        summary="The default of an enum changed.",
        message="{subject} read unknown symbols as {before} and reads them as {after} now",
        why="Nobody is refused. Symbols a reader does not know mean something else from now on, so what they mean "
        "depends on the version of the reader.",
        before='{"type": "enum", "name": "State", "symbols": ["unknown", "open"], "default": "open"}',
        after='{"type": "enum", "name": "State", "symbols": ["unknown", "open"], "default": "unknown"}',
        safe="Choose a symbol that says nothing, like `unknown`, once.",
        source=ENUMS,
        reverse="avro-enum-default-changed",
        deviations=(Deviation(Role.READS, Level.ADDITIVE, "Only symbols the schema does not know read differently."),),
    ),
)
