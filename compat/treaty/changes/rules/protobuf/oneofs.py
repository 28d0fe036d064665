"""Rules about oneofs: which fields exclude each other."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation
from treaty.changes.change import Effect, Level
from treaty.changes.protobuf.surfaces import Surface, SurfaceRule
from treaty.changes.rules.protobuf import citations
from treaty.model.roles import Role

_VALUES = Surface.BYTES | Surface.TEXT | Surface.CODE

RULES: tuple[SurfaceRule, ...] = (
    SurfaceRule(
        id="proto-field-moved-into-oneof",
        effect=Effect.NARROWS,
        surfaces=_VALUES,
        summary="A field moved into a oneof with other fields that it used to be set together with.",
        message="{subject} moved into the oneof {after} with {before}",
        why="Old messages may have set both; a reader of the oneof keeps only the last and drops the other without an error.",
        before="string card = 1;\nstring iban = 2;",
        after="oneof account {\n  string card = 1;\n  string iban = 2;\n}",
        safe="Make a oneof of new fields beside the old ones.",
        source=citations.ONEOF,
        reverse="proto-field-moved-out-of-oneof",
    ),
    SurfaceRule(
        id="proto-field-moved-out-of-oneof",
        effect=Effect.WIDENS,
        surfaces=_VALUES,
        summary="A field moved out of a oneof, so that it can be set together with the others.",
        message="{subject} moved out of the oneof {before} and no longer excludes {after}",
        why="Readers of the old contract keep only the last of the fields that are set.",
        before="oneof account {\n  string card = 1;\n  string iban = 2;\n}",
        after="string card = 1;\nstring iban = 2;",
        safe="Keep the oneof.",
        source=citations.ONEOF,
        reverse="proto-field-moved-into-oneof",
    ),
    SurfaceRule(
        id="proto-field-oneof-changed",
        effect=Effect.NONE,
        surfaces=Surface.CODE,
        summary="A field joined or left a oneof without coming to exclude, or no longer exclude, another old field.",
        message="{subject} was in {before} and is now in {after}, with the same bytes",
        why="Generated code has another accessor; bytes and JSON stay the same. To move one field alone into a new oneof is safe.",
        before="string card = 1;",
        after="oneof account {\n  string card = 1;\n}",
        safe="This is the safe way to start a oneof.",
        source=citations.ONEOF,
        reverse="proto-field-oneof-changed",
    ),
    SurfaceRule(
        id="proto-oneof-renamed",
        effect=Effect.NONE,
        surfaces=Surface.CODE,
        summary="A oneof has another name.",
        message="the oneof {before} of {subject} is now called {after}",
        why="Only generated code holds the name.",
        before="oneof account {\n  string card = 1;\n}",
        after="oneof target {\n  string card = 1;\n}",
        safe="Keep the name.",
        source=citations.ONEOF,
        reverse="proto-oneof-renamed",
    ),
    SurfaceRule(
        id="proto-oneof-removed",
        effect=Effect.NONE,
        surfaces=Surface.CODE,
        summary="A oneof is gone.",
        message="the oneof {before} of {subject} is gone",
        why="Generated code loses the accessor that tells which field is set. What became of its fields is reported on its own.",
        before="oneof account {\n  string card = 1;\n}",
        after="string card = 1;",
        safe="Keep the oneof.",
        source=citations.ONEOF,
        reverse=None,
    ),
    SurfaceRule(
        id="proto-oneof-field-removed",
        effect=Effect.NARROWS,
        surfaces=_VALUES,
        summary="A choice of a oneof was removed while the oneof stays.",
        message="{subject} was removed from the oneof {before}",
        why="A message that made this choice reads as one that made none.",
        before="oneof account {\n  string card = 1;\n  string iban = 2;\n}",
        after='oneof account {\n  string card = 1;\n}\nreserved 2;\nreserved "iban";',
        safe="Keep the choice, marked deprecated.",
        source=citations.ONEOF,
        reverse="proto-field-added",
        deviations=(
            Deviation(Role.WRITES, Level.RISKY, "The choice is no longer made; nothing that is sent is misread."),
        ),
    ),
)
