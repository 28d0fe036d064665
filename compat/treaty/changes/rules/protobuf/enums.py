"""Rules about enums and their values."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation
from treaty.changes.change import Effect, Level
from treaty.changes.protobuf.surfaces import Surface, SurfaceRule
from treaty.changes.rules.protobuf import citations
from treaty.model.roles import Role

_VALUES = Surface.BYTES | Surface.TEXT | Surface.CODE
_UNKNOWN_VALUE = (
    Deviation(
        Role.BOTH,
        Level.RISKY,
        "An open enum keeps a number it does not know, a closed one puts it among the unknown fields; JSON readers that ignore "
        "what they do not know drop the name. Programs should have a branch for all three.",
    ),
)
_RESERVE = 'Reserve both: `reserved 2; reserved "STATUS_VOID";`. Before that, mark the value deprecated.'

RULES: tuple[SurfaceRule, ...] = (
    SurfaceRule(
        id="proto-enum-removed",
        effect=Effect.NONE,
        surfaces=Surface.CODE,
        floor=Level.RISKY,
        summary="An enum is gone.",
        message="{subject} is gone",
        why="Generated code loses the type. What it means for the fields that used it is reported on its own.",
        before="enum Status { STATUS_UNSPECIFIED = 0; }",
        after="// Status is gone",
        safe="Mark the enum deprecated and keep it.",
        source=citations.UPDATING,
        reverse=None,
    ),
    SurfaceRule(
        id="proto-enum-renamed",
        effect=Effect.NONE,
        surfaces=Surface.CODE,
        summary="An enum has another full name; its values are compared.",
        message="{before} is now called {after}",
        why="Neither bytes nor JSON hold the name of an enum. Generated code has another type.",
        before="enum Status { STATUS_UNSPECIFIED = 0; }",
        after="enum State { STATUS_UNSPECIFIED = 0; }",
        safe="Keep the name.",
        source=citations.ENUMS,
        reverse="proto-enum-renamed",
    ),
    SurfaceRule(
        id="proto-enum-value-added",
        effect=Effect.WIDENS,
        surfaces=Surface.BYTES | Surface.TEXT,
        floor=Level.ADDITIVE,
        summary="An enum has another value, or another name for one.",
        message="{subject} was added",
        why="Readers of the old contract do not know the number, and refuse or drop the name in JSON.",
        before="enum Status {\n  STATUS_UNSPECIFIED = 0;\n}",
        after="enum Status {\n  STATUS_UNSPECIFIED = 0;\n  STATUS_HELD = 1;\n}",
        safe="Readers first: give every switch over the enum a branch for unknown values.",
        source=citations.ENUMS,
        reverse="proto-enum-value-removed-number-free",
        deviations=(
            Deviation(
                Role.WRITES,
                Level.RISKY,
                "Readers should fall back to the unspecified value; an open enum keeps the number it does not know.",
            ),
        ),
    ),
    SurfaceRule(
        id="proto-enum-value-removed",
        effect=Effect.NARROWS,
        surfaces=_VALUES,
        summary="An enum value was removed; its number and name are reserved.",
        message="{subject} was removed; its number and name are reserved",
        why="Messages that hold the value read as an unknown number, or as the default where the enum is closed, and JSON with "
        "the name is refused.",
        before="STATUS_VOID = 2;",
        after='reserved 2;\nreserved "STATUS_VOID";',
        safe="Keep the value, marked deprecated, as long as it may be stored anywhere.",
        source=citations.ENUMS,
        reverse="proto-enum-value-added",
        deviations=_UNKNOWN_VALUE,
    ),
    SurfaceRule(
        id="proto-enum-value-removed-name-free",
        effect=Effect.NARROWS,
        surfaces=_VALUES | Surface.NAMES,
        summary="An enum value was removed and its name not reserved.",
        message="{subject} was removed without reserving its name",
        why="JSON and text format know enum values by name. When the name comes back for another number, old documents are "
        "misread.",
        before="STATUS_VOID = 2;",
        after="reserved 2;",
        safe=_RESERVE,
        source=citations.ENUMS,
        reverse="proto-enum-value-added",
        deviations=_UNKNOWN_VALUE,
    ),
    SurfaceRule(
        id="proto-enum-value-removed-number-free",
        effect=Effect.NARROWS,
        surfaces=_VALUES | Surface.NUMBERS | Surface.NAMES,
        summary="An enum value was removed and its number not reserved.",
        message="{subject} was removed without reserving {after}",
        why="Bytes know enum values by number. When the number comes back with another meaning, old messages are misread.",
        before="STATUS_VOID = 2;",
        after="// the value is gone",
        safe=_RESERVE,
        source=citations.ENUMS,
        reverse="proto-enum-value-added",
        deviations=_UNKNOWN_VALUE,
    ),
    SurfaceRule(
        id="proto-enum-value-renamed",
        effect=Effect.NONE,
        surfaces=Surface.TEXT | Surface.CODE,
        text_effect=Effect.REPLACES,
        summary="A number of an enum has another name.",
        message="{subject} was called {before} and is now {after}",
        why="Bytes stay the same. JSON holds the name, which is refused or dropped, and generated code has another constant.",
        before="STATUS_VOID = 2;",
        after="STATUS_CANCELLED = 2;",
        safe="Add the new name as an alias (`allow_alias`) and keep the old one first.",
        source=citations.JSON,
        reverse="proto-enum-value-renamed",
    ),
    SurfaceRule(
        id="proto-enum-alias-removed",
        effect=Effect.NONE,
        surfaces=Surface.TEXT | Surface.CODE,
        text_effect=Effect.NARROWS,
        summary="One of several names of a number is gone.",
        message="{subject} is no longer also called {before}",
        why="JSON with that name is refused or dropped, and generated code loses the constant.",
        before="option allow_alias = true;\nSTATUS_VOID = 2;\nSTATUS_CANCELLED = 2;",
        after="STATUS_CANCELLED = 2;",
        safe="Keep the alias.",
        source=citations.JSON,
        reverse=None,
    ),
    SurfaceRule(
        id="proto-enum-value-renumbered",
        effect=Effect.REPLACES,
        surfaces=_VALUES | Surface.NUMBERS,
        text_effect=Effect.NONE,
        summary="A name of an enum has another number.",
        message="{subject} had the number {before} and now has {after}",
        why="Bytes hold the number: old messages now mean another value, or none.",
        before="STATUS_VOID = 2;",
        after="STATUS_VOID = 3;",
        safe="Leave the numbers.",
        source=citations.ENUMS,
        reverse="proto-enum-value-renumbered",
    ),
    SurfaceRule(
        id="proto-enum-closed",
        effect=Effect.NARROWS,
        surfaces=Surface.BYTES | Surface.CODE,
        summary="An open enum became closed.",
        message="{subject} was open and is now closed",
        why="A number the enum does not declare is no longer seen in its field; it moves to the unknown fields, and the field "
        "reads as its default.",
        before="option features.enum_type = OPEN;",
        after="option features.enum_type = CLOSED;",
        safe="Keep the enum open.",
        source=citations.ENUMS,
        reverse="proto-enum-opened",
        deviations=(
            Deviation(
                Role.READS, Level.RISKY, "Only numbers that this version of the enum does not declare are affected."
            ),
        ),
    ),
    SurfaceRule(
        id="proto-enum-opened",
        effect=Effect.WIDENS,
        surfaces=Surface.BYTES | Surface.CODE,
        summary="A closed enum became open.",
        message="{subject} was closed and is now open",
        why="Generated code meets numbers without a name, and readers of the old contract do not see them.",
        before="option features.enum_type = CLOSED;",
        after="option features.enum_type = OPEN;",
        safe="Give every switch over the enum a branch for unknown values first.",
        source=citations.ENUMS,
        reverse="proto-enum-closed",
        deviations=(
            Deviation(Role.WRITES, Level.RISKY, "Only numbers that the old enum does not declare are affected."),
        ),
    ),
)
