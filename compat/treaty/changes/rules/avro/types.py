"""Rules about the types of Avro values: kinds, promotions, sizes, branches."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.changes.rules.avro.sources import RESOLUTION, UNIONS
from treaty.model.roles import Role

RULES: tuple[Rule, ...] = (
    Rule(
        id="avro-type-changed",
        effect=Effect.REPLACES,
        summary="A value has another type, and no promotion leads from one to the other.",
        message="{subject} was {before} and is now {after}",
        why="A reader meets bytes of a type it does not expect and stops with an error. That holds both ways: for new "
        "readers of data already written, and for old readers of new data.",
        before='{"name": "amount", "type": "string"}',
        after='{"name": "amount", "type": "double"}',
        safe="Add a field with the new type and a default, write both for a while, move the readers, then drop the old "
        "field.",
        source=RESOLUTION,
        reverse="avro-type-changed",
    ),
    Rule(
        id="avro-type-widened",
        effect=Effect.WIDENS,
        summary="A number type became a larger one that holds every old value exactly.",
        message="{subject} was {before} and is now {after}, which old readers do not take",
        why="New readers promote what was written as the smaller type. Old readers have no way back: they refuse the "
        "larger type, also when the number at hand is small.",
        before='{"name": "stock", "type": "int"}',
        after='{"name": "stock", "type": "long"}',
        safe="Upgrade every reader to the new schema first, then the writers: that is what BACKWARD compatibility means.",
        source=RESOLUTION,
        reverse="avro-type-narrowed",
    ),
    Rule(
        id="avro-type-narrowed",
        effect=Effect.NARROWS,
        summary="A number type became a smaller one.",
        message="{subject} was {before}, which the new schema does not read as {after}",
        why="New readers refuse all data already written, also where the numbers would fit. Old readers promote what "
        "new writers send.",
        before='{"name": "stock", "type": "long"}',
        after='{"name": "stock", "type": "int"}',
        safe="Keep the larger type. If the limit matters, say it in the documentation and check it where the value is "
        "made.",
        source=RESOLUTION,
        reverse="avro-type-widened",
    ),
    Rule(
        id="avro-promotion-lossy",
        effect=Effect.WIDENS,
        summary="A whole number became a floating-point number that rounds the larger ones.",
        message="{subject} was {before} and is now {after}: large numbers are rounded when old data is read",
        why="Avro promotes int to float and long to float or double without a word, but a float keeps 24 bits and a "
        "double 53. Identifiers and amounts beyond that come out changed. Old readers refuse the new type.",
        before='{"name": "sequence", "type": "long"}',
        after='{"name": "sequence", "type": "double"}',
        safe="Keep the whole number, or add a field of the new type beside it. For money take a decimal.",
        source=RESOLUTION,
        reverse="avro-lossy-promotion-undone",
        deviations=(
            Deviation(Role.READS, Level.RISKY, "Every value is read, but numbers beyond the precision are rounded."),
        ),
    ),
    Rule(
        id="avro-lossy-promotion-undone",
        effect=Effect.NARROWS,
        summary="A floating-point number became a whole number that old readers round.",
        message="{subject} was {before} and is now {after}: old readers round large numbers",
        why="New readers refuse the floating-point numbers already written. Old readers promote the whole numbers and "
        "round those with more than 24 (float) or 53 (double) bits.",
        before='{"name": "sequence", "type": "double"}',
        after='{"name": "sequence", "type": "long"}',
        safe="Add a field of the new type with a default, and write both until no reader needs the old one.",
        source=RESOLUTION,
        reverse="avro-promotion-lossy",
        deviations=(
            Deviation(Role.WRITES, Level.RISKY, "Every value is read, but numbers beyond the precision are rounded."),
        ),
    ),
    Rule(
        id="avro-bytes-became-string",
        effect=Effect.NONE,
        summary="Bytes became a string: old data is read as UTF-8, which it may not be.",
        message="{subject} was bytes and is now a string: old bytes that are not UTF-8 cannot be read",
        why="Avro lets a string reader take bytes. Whether it works depends on the data: bytes that are not valid UTF-8 "
        "make the reader fail, or are replaced, depending on the implementation.",
        before='{"name": "note", "type": "bytes"}',
        after='{"name": "note", "type": "string"}',
        safe="Be sure that only UTF-8 was ever written, or add a string field beside the bytes.",
        source=RESOLUTION,
        reverse="avro-string-became-bytes",
        deviations=(
            Deviation(Role.READS, Level.RISKY, "Only bytes that are UTF-8 can be read."),
            Deviation(Role.WRITES, Level.ADDITIVE, "Every string is bytes as well."),
        ),
    ),
    Rule(
        id="avro-string-became-bytes",
        effect=Effect.NONE,
        summary="A string became bytes: old readers take them as UTF-8, which they may not be.",
        message="{subject} was a string and is now bytes: old readers cannot read bytes that are not UTF-8",
        why="New readers take every old string as bytes. Old readers go on reading a string, and fail at the first bytes "
        "that are not valid UTF-8.",
        before='{"name": "note", "type": "string"}',
        after='{"name": "note", "type": "bytes"}',
        safe="Write only UTF-8 until every reader has the new schema, or add a field beside the string.",
        source=RESOLUTION,
        reverse="avro-bytes-became-string",
        deviations=(
            Deviation(Role.WRITES, Level.RISKY, "Old readers take only bytes that are UTF-8."),
            Deviation(Role.READS, Level.ADDITIVE, "Every string is bytes as well."),
        ),
    ),
    Rule(
        id="avro-fixed-size-changed",
        effect=Effect.REPLACES,
        summary="A fixed has another size.",
        message="{subject} had {before} bytes and now has {after}",
        why="A fixed has no length on the wire, so a reader cannot take one of another size: it refuses, in both "
        "directions.",
        before='{"type": "fixed", "name": "Digest", "size": 16}',
        after='{"type": "fixed", "name": "Digest", "size": 32}',
        safe="Give the new size a type of its own (Digest256) and add it as a branch or a field with a default.",
        source=RESOLUTION,
        reverse="avro-fixed-size-changed",
    ),
    Rule(
        id="avro-union-branch-added",
        effect=Effect.WIDENS,
        summary="A value may be of one more type.",
        message="{subject} may now also be {after}",
        why="Old readers have no branch for the new type and stop at the first value of it. New readers take all old "
        "data. A type that becomes nullable is the most common case.",
        before='{"name": "note", "type": "string"}',
        after='{"name": "note", "type": ["null", "string"]}',
        safe="Upgrade every reader first. Where readers cannot go first, add a new field with a default instead.",
        source=UNIONS,
        reverse="avro-union-branch-removed",
        deviations=(
            Deviation(
                Role.BOTH, Level.ADDITIVE, "Old readers take the branch as one they already had.", effect=Effect.NONE
            ),
        ),
    ),
    Rule(
        id="avro-union-branch-removed",
        effect=Effect.NARROWS,
        summary="A value may no longer be of a type it was allowed to have.",
        message="{subject} may no longer be {before}",
        why="New readers have no branch for data already written and stop at the first value of the type that is gone. "
        "Old readers take everything new writers send.",
        before='{"name": "note", "type": ["null", "string"]}',
        after='{"name": "note", "type": "string"}',
        safe="Stop writing the branch, keep it in the schema until no such data is left, and take it out then.",
        source=UNIONS,
        reverse="avro-union-branch-added",
        deviations=(
            Deviation(Role.BOTH, Level.ADDITIVE, "Another branch reads what the old one wrote.", effect=Effect.NONE),
        ),
    ),
    Rule(
        id="avro-union-branches-reordered",
        effect=Effect.NONE,
        summary="The branches of a union stand in another order.",
        message="the branches of {subject} were {before} and are now {after}",
        why="Readers that have the writer's schema find the branch by its type, so nobody breaks. The bytes differ, so "
        "programs that read without the writer's schema, or compare encoded data, see a change.",
        before='{"name": "note", "type": ["null", "string"]}',
        after='{"name": "note", "type": ["string", "null"]}',
        safe="Leave the order alone unless the default asks for it: before Avro 1.12 a default had to be of the first "
        "branch.",
        source=UNIONS,
        reverse="avro-union-branches-reordered",
    ),
)
