"""Rules about patterns, formats and encoded content."""

from __future__ import annotations

from treaty.changes.catalogue import Rule
from treaty.changes.change import Effect
from treaty.changes.rules.sources import CONTENT_ENCODING, FORMAT, PATTERN, SCHEMA_DATA_TYPES

RULES: tuple[Rule, ...] = (
    Rule(
        id="pattern-added",
        effect=Effect.NARROWS,
        summary="A string must now match a pattern.",
        message="{subject} must now match `{after}`",
        why=(
            "Callers whose values do not match are refused. Identifiers of other people's systems, with a slash, a "
            "space or an umlaut, are the ones nobody thought of."
        ),
        before="type: string",
        after="type: string\npattern: ^[a-z0-9-]+$",
        safe=(
            "Run the pattern over a month of real values first. Accept what does not match, log it, and refuse it in "
            "the next major."
        ),
        source=PATTERN,
        reverse="pattern-removed",
    ),
    Rule(
        id="pattern-removed",
        effect=Effect.WIDENS,
        summary="A string need no longer match a pattern.",
        message="{subject} need no longer match `{before}`",
        why=(
            "Where you write it, readers take the value apart by the pattern they were promised, put it into URLs "
            "without escaping, or check it again and refuse the whole answer."
        ),
        before="type: string\npattern: ^[a-z0-9-]+$",
        after="type: string",
        safe="Keep the promise for what you send, even where you accept more.",
        source=PATTERN,
        reverse="pattern-added",
    ),
    Rule(
        id="pattern-changed",
        effect=Effect.REPLACES,
        summary="A string must match another pattern.",
        message="{subject} matched `{before}` and must now match `{after}`",
        why=(
            "Values that matched the old pattern may not match the new one, and the reverse. Callers with such values "
            "are refused, and readers meet values that their own check refuses."
        ),
        before="type: string\npattern: ^[a-z]+$",
        after="type: string\npattern: ^[0-9]+$",
        safe="Accept what either pattern accepts, `^([a-z]+|[0-9]+)$`, and go on sending what the old one promises.",
        source=PATTERN,
        reverse="pattern-changed",
    ),
    Rule(
        id="format-added",
        effect=Effect.NARROWS,
        summary="A format is now asked for.",
        message="{subject} must now have the format {after}",
        why=(
            "Callers whose values do not have the format are refused as soon as somebody checks it, and generators of "
            "SDKs turn the field from text into a date or a UUID, so callers' code no longer compiles."
        ),
        before="type: string",
        after="type: string\nformat: uuid",
        safe=(
            "Check the values you have before you declare what they look like. Treaty judges formats as asserted; a "
            "team that only annotates with them can say so in its policy."
        ),
        source=f"{FORMAT}; {SCHEMA_DATA_TYPES}",
        reverse="format-removed",
    ),
    Rule(
        id="format-removed",
        effect=Effect.WIDENS,
        summary="A format is no longer asked for.",
        message="{subject} need no longer have the format {before}",
        why=(
            "Where you write it, readers parse the value as what it was declared to be, a date or a UUID, and throw "
            "on anything else. Their generated field even has that type."
        ),
        before="type: string\nformat: uuid",
        after="type: string",
        safe="Go on sending values of the old format, and leave it declared.",
        source=f"{FORMAT}; {SCHEMA_DATA_TYPES}",
        reverse="format-added",
    ),
    Rule(
        id="format-narrowed",
        effect=Effect.NARROWS,
        summary="The format allows fewer values.",
        message="the format of {subject} was {before} and is now {after}",
        why=(
            "Callers who use the whole range of the old format are refused: identifiers beyond 2,147,483,647, "
            "addresses with letters outside ASCII, relative references."
        ),
        before="type: integer\nformat: int64",
        after="type: integer\nformat: int32",
        safe="Keep reading the wider format. Numbers never shrink again, so the narrow one will not do for long.",
        source=f"{FORMAT}; {SCHEMA_DATA_TYPES}",
        reverse="format-widened",
    ),
    Rule(
        id="format-widened",
        effect=Effect.WIDENS,
        summary="The format allows more values.",
        message="the format of {subject} was {before} and is now {after}",
        why=(
            "Where you write it, readers hold the value in what the old format fitted into. The first identifier "
            "above 2,147,483,647 overflows a 32-bit field, turns negative, and points at somebody else."
        ),
        before="type: integer\nformat: int32",
        after="type: integer\nformat: int64",
        safe=(
            "Announce it long before the first large value, which comes by itself. Where that is too risky, add a "
            "string property."
        ),
        source=f"{FORMAT}; {SCHEMA_DATA_TYPES}",
        reverse="format-narrowed",
    ),
    Rule(
        id="format-changed",
        effect=Effect.REPLACES,
        summary="The format is another one.",
        message="the format of {subject} was {before} and is now {after}",
        why=(
            "Old values are not of the new format, and new values cannot be parsed as the old one. `2027-06-30` is a "
            "date and no date-time; whoever parses it with the other parser fails on every value."
        ),
        before="type: string\nformat: date",
        after="type: string\nformat: date-time",
        safe="Add a property with the new format beside the old one and fill both.",
        source=f"{FORMAT}; {SCHEMA_DATA_TYPES}",
        reverse="format-changed",
    ),
    Rule(
        id="content-declared",
        effect=Effect.NARROWS,
        summary="A string must now carry content of a declared encoding or media type.",
        message="{subject} must now carry {after}",
        why=(
            "Callers who sent plain text in it are now taken by the word: the server decodes it, for example from "
            "Base64, and gets rubbish or an error. No schema validator notices, since the string itself stays valid."
        ),
        before="type: string",
        after="type: string\ncontentEncoding: base64",
        safe="Take the encoded content in a property of its own, or tell the two apart by a media type beside it.",
        source=CONTENT_ENCODING,
        reverse="content-undeclared",
    ),
    Rule(
        id="content-undeclared",
        effect=Effect.WIDENS,
        summary="A string may now carry any content.",
        message="{subject} need no longer carry {before}",
        why=(
            "Where you write it, readers decode what they were promised and fail, or show it as it is, once the "
            "content is something else."
        ),
        before="type: string\ncontentEncoding: base64",
        after="type: string",
        safe="Keep encoding what you send, and keep saying so.",
        source=CONTENT_ENCODING,
        reverse="content-declared",
    ),
    Rule(
        id="content-changed",
        effect=Effect.REPLACES,
        summary="A string carries content of another encoding or media type.",
        message="{subject} carried {before} and now carries {after}",
        why=(
            "Both sides still see a string, and decode it to something else: an image that no viewer opens, Base64 "
            "whose `-` and `_` are refused. Nothing fails until somebody uses the content."
        ),
        before="type: string\ncontentMediaType: image/png",
        after="type: string\ncontentMediaType: image/webp",
        safe="Send the new content in a new property, with its media type beside it.",
        source=CONTENT_ENCODING,
        reverse="content-changed",
    ),
)
