"""Rules about bounds, lengths, counts and steps."""

from __future__ import annotations

from treaty.changes.catalogue import Rule
from treaty.changes.change import Effect
from treaty.changes.rules.sources import (
    MAX_ITEMS,
    MAX_LENGTH,
    MAX_PROPERTIES,
    MAXIMUM,
    MIN_ITEMS,
    MIN_LENGTH,
    MIN_PROPERTIES,
    MINIMUM,
    MULTIPLE_OF,
    UNIQUE_ITEMS,
)

RULES: tuple[Rule, ...] = (
    Rule(
        id="minimum-raised",
        effect=Effect.NARROWS,
        summary="The least number is higher, or there is one now.",
        message="{subject}: the least number was {before} and is now {after}",
        why=(
            "Callers who send the smaller numbers are refused: the five-cent bet, the page of ten, the zero that "
            'stood for "none".'
        ),
        before="type: integer\nminimum: 1",
        after="type: integer\nminimum: 5",
        safe=(
            "Accept the smaller numbers and raise them yourself where the meaning allows it. Look in the log for the "
            "smallest ever sent."
        ),
        source=MINIMUM,
        reverse="minimum-lowered",
    ),
    Rule(
        id="minimum-lowered",
        effect=Effect.WIDENS,
        summary="The least number is lower, or there is none now.",
        message="{subject}: the least number was {before} and is now {after}",
        why=(
            "Where you write it, readers get numbers they were promised never to see. Zero and below are the "
            "dangerous ones: they divide by them, allocate that much, or store them unsigned. Where you read it, "
            "callers only gain."
        ),
        before="type: integer\nminimum: 1",
        after="type: integer\nminimum: 0",
        safe="Keep what you send above the old limit, or put the new cases into a property of their own.",
        source=MINIMUM,
        reverse="minimum-raised",
    ),
    Rule(
        id="maximum-lowered",
        effect=Effect.NARROWS,
        summary="The greatest number is lower, or there is one now.",
        message="{subject}: the greatest number was {before} and is now {after}",
        why=(
            "Callers who send larger numbers are refused. These are often the few large customers, whom a test with "
            "average data does not show."
        ),
        before="type: integer\nmaximum: 1000",
        after="type: integer\nmaximum: 100",
        safe=(
            "Where it is a page size or the like, cap it silently and say so; where it is data, announce the limit "
            "and begin with a major."
        ),
        source=MAXIMUM,
        reverse="maximum-raised",
    ),
    Rule(
        id="maximum-raised",
        effect=Effect.WIDENS,
        summary="The greatest number is higher, or there is none now.",
        message="{subject}: the greatest number was {before} and is now {after}",
        why=(
            "Where you write it, readers sized a database column, a 32-bit field or a progress bar by the old limit, "
            "and overflow. Where you read it, nothing that was sent is refused."
        ),
        before="type: integer\nmaximum: 100",
        after="type: integer\nmaximum: 1000",
        safe="Tell readers the new limit a release before the first such number is sent.",
        source=MAXIMUM,
        reverse="maximum-lowered",
    ),
    Rule(
        id="min-length-raised",
        effect=Effect.NARROWS,
        summary="The least length is higher, or there is one now.",
        message="{subject}: the least length was {before} and is now {after}",
        why=(
            "Callers with short values are refused: one-letter names, two-letter codes, and above all the empty "
            'string, which many forms send for "not filled in".'
        ),
        before="type: string",
        after="type: string\nminLength: 1",
        safe="Treat the short value as if it had not been sent, and ask for the length only when data is created anew.",
        source=MIN_LENGTH,
        reverse="min-length-lowered",
    ),
    Rule(
        id="min-length-lowered",
        effect=Effect.WIDENS,
        summary="The least length is lower, or there is none now.",
        message="{subject}: the least length was {before} and is now {after}",
        why=(
            "Where you write it, readers that cut off a prefix, take the first letter or use the value as a key meet "
            "a string too short for it, often the empty one. Where you read it, callers may send less."
        ),
        before="type: string\nminLength: 1",
        after="type: string",
        safe="Leave an optional property out rather than send it empty.",
        source=MIN_LENGTH,
        reverse="min-length-raised",
    ),
    Rule(
        id="max-length-lowered",
        effect=Effect.NARROWS,
        summary="The greatest length is lower, or there is one now.",
        message="{subject}: the greatest length was {before} and is now {after}",
        why=(
            "Callers with longer values are refused. Names, addresses and references of other systems are longer than "
            "one thinks, and the callers cannot shorten what they did not choose."
        ),
        before="type: string\nmaxLength: 200",
        after="type: string\nmaxLength: 50",
        safe=(
            "Measure the longest value in production first. Where it must be shorter, cut it on your side and keep "
            "accepting it."
        ),
        source=MAX_LENGTH,
        reverse="max-length-raised",
    ),
    Rule(
        id="max-length-raised",
        effect=Effect.WIDENS,
        summary="The greatest length is higher, or there is none now.",
        message="{subject}: the greatest length was {before} and is now {after}",
        why=(
            "Where you write it, readers keep the value in a column or a buffer of the old length. Databases refuse "
            "the row or, worse, cut the value without telling."
        ),
        before="type: string\nmaxLength: 50",
        after="type: string\nmaxLength: 200",
        safe="Give readers a release to widen their storage before the first long value is sent.",
        source=MAX_LENGTH,
        reverse="max-length-lowered",
    ),
    Rule(
        id="min-items-raised",
        effect=Effect.NARROWS,
        summary="The least number of items is higher, or there is one now.",
        message="{subject}: the least number of items was {before} and is now {after}",
        why=(
            "Callers who send shorter lists are refused. When the limit goes from none to one, that is everybody who "
            "sends `[]`."
        ),
        before="type: array\nitems: {type: string}",
        after="type: array\nitems: {type: string}\nminItems: 1",
        safe="Accept the empty list and let it mean what it meant, nothing or all.",
        source=MIN_ITEMS,
        reverse="min-items-lowered",
    ),
    Rule(
        id="min-items-lowered",
        effect=Effect.WIDENS,
        summary="The least number of items is lower, or there is none now.",
        message="{subject}: the least number of items was {before} and is now {after}",
        why=(
            "Where you write it, code that takes the first item without asking, `items[0]`, fails on the list that is "
            "now allowed to be shorter."
        ),
        before="type: array\nitems: {type: string}\nminItems: 1",
        after="type: array\nitems: {type: string}",
        safe=(
            "Go on sending at least as many items as were promised, or answer with another status when there are none."
        ),
        source=MIN_ITEMS,
        reverse="min-items-raised",
    ),
    Rule(
        id="max-items-lowered",
        effect=Effect.NARROWS,
        summary="The greatest number of items is lower, or there is one now.",
        message="{subject}: the greatest number of items was {before} and is now {after}",
        why=(
            "Callers who send longer lists in one request are refused. Batch jobs fill a request up to the limit they "
            "were given, so they all fail, and all at once."
        ),
        before="type: array\nitems: {type: string}\nmaxItems: 100",
        after="type: array\nitems: {type: string}\nmaxItems: 50",
        safe=(
            "Accept long lists and work through them in parts on your side, or announce the date and answer 413 from "
            "then on."
        ),
        source=MAX_ITEMS,
        reverse="max-items-raised",
    ),
    Rule(
        id="max-items-raised",
        effect=Effect.WIDENS,
        summary="The greatest number of items is higher, or there is none now.",
        message="{subject}: the greatest number of items was {before} and is now {after}",
        why=(
            "Where you write it, readers with room for so many and no more drop the rest or fail: fixed tables, "
            "forms, `maxItems` in their own contract further down the line."
        ),
        before="type: array\nitems: {type: string}\nmaxItems: 3",
        after="type: array\nitems: {type: string}\nmaxItems: 10",
        safe="Send more only to those who ask for it, with a parameter for the page size.",
        source=MAX_ITEMS,
        reverse="max-items-lowered",
    ),
    Rule(
        id="min-properties-raised",
        effect=Effect.NARROWS,
        summary="The least number of properties is higher, or there is one now.",
        message="{subject}: the least number of properties was {before} and is now {after}",
        why=(
            "Callers who send fewer properties are refused, first of all the empty object, which in a `PATCH` means "
            '"nothing changed".'
        ),
        before="type: object",
        after="type: object\nminProperties: 1",
        safe="Accept the empty object and do nothing.",
        source=MIN_PROPERTIES,
        reverse="min-properties-lowered",
    ),
    Rule(
        id="min-properties-lowered",
        effect=Effect.WIDENS,
        summary="The least number of properties is lower, or there is none now.",
        message="{subject}: the least number of properties was {before} and is now {after}",
        why="Where you write it, readers who take any one entry of the map find none.",
        before="type: object\nminProperties: 1",
        after="type: object",
        safe="Leave the whole object out where it is optional, instead of sending it empty.",
        source=MIN_PROPERTIES,
        reverse="min-properties-raised",
    ),
    Rule(
        id="max-properties-lowered",
        effect=Effect.NARROWS,
        summary="The greatest number of properties is lower, or there is one now.",
        message="{subject}: the greatest number of properties was {before} and is now {after}",
        why=(
            "Callers who send more properties are refused. In a map of labels or metadata these are the callers who "
            "used it most."
        ),
        before="type: object\nmaxProperties: 50",
        after="type: object\nmaxProperties: 20",
        safe="Let existing objects keep what they have, and hold only new ones to the limit.",
        source=MAX_PROPERTIES,
        reverse="max-properties-raised",
    ),
    Rule(
        id="max-properties-raised",
        effect=Effect.WIDENS,
        summary="The greatest number of properties is higher, or there is none now.",
        message="{subject}: the greatest number of properties was {before} and is now {after}",
        why="Where you write it, readers that store each entry in a column or a header of its own run out of them.",
        before="type: object\nmaxProperties: 20",
        after="type: object\nmaxProperties: 50",
        safe="Tell readers before somebody makes use of it.",
        source=MAX_PROPERTIES,
        reverse="max-properties-lowered",
    ),
    Rule(
        id="multiple-of-narrowed",
        effect=Effect.NARROWS,
        summary="Numbers must be multiples of a larger step.",
        message="{subject} must now be a multiple of {after}, not of {before}",
        why=(
            "Callers who send amounts between the new steps are refused. From cents to five cents, four of five "
            "amounts are."
        ),
        before="type: integer",
        after="type: integer\nmultipleOf: 5",
        safe="Round on your side and tell the caller the rounded value in the answer.",
        source=MULTIPLE_OF,
        reverse="multiple-of-widened",
    ),
    Rule(
        id="multiple-of-widened",
        effect=Effect.WIDENS,
        summary="Numbers may be multiples of a smaller step.",
        message="{subject} may now be a multiple of {after}, not only of {before}",
        why=(
            "Where you write it, readers that count in the old step, in whole cents or in quarter hours, get values "
            "they cannot represent. They round, and the sums no longer agree."
        ),
        before="type: number\nmultipleOf: 0.01",
        after="type: number\nmultipleOf: 0.001",
        safe="Keep the old property in the old step and add one with the finer values.",
        source=MULTIPLE_OF,
        reverse="multiple-of-narrowed",
    ),
    Rule(
        id="multiple-of-changed",
        effect=Effect.REPLACES,
        summary="Numbers must be multiples of another step.",
        message="{subject} was a multiple of {before} and is now one of {after}",
        why=(
            "Some values that were sent are refused, and some that come were never sent before. Steps of 2 and of 3 "
            "share only every third value."
        ),
        before="type: integer\nmultipleOf: 2",
        after="type: integer\nmultipleOf: 3",
        safe="Accept both steps and convert. Send the new one only under a new name.",
        source=MULTIPLE_OF,
        reverse="multiple-of-changed",
    ),
    Rule(
        id="unique-items-required",
        effect=Effect.NARROWS,
        summary="Items of an array must now differ from each other.",
        message="the items of {subject} must now be unique",
        why=(
            "Callers who send an item twice are refused. They rarely mean to: two clicks, a retry, a join that "
            "doubles rows."
        ),
        before="type: array\nitems: {type: string}",
        after="type: array\nitems: {type: string}\nuniqueItems: true",
        safe="Remove the duplicates yourself and accept the list.",
        source=UNIQUE_ITEMS,
        reverse="unique-items-dropped",
    ),
    Rule(
        id="unique-items-dropped",
        effect=Effect.WIDENS,
        summary="Items of an array may now repeat.",
        message="the items of {subject} may now repeat",
        why=(
            "Where you write it, readers put the list into a set or use the items as keys of a table. On the first "
            "repeated item they lose a row or fail on a constraint."
        ),
        before="type: array\nitems: {type: string}\nuniqueItems: true",
        after="type: array\nitems: {type: string}",
        safe="Go on sending each item once. Counts belong into a property of their own.",
        source=UNIQUE_ITEMS,
        reverse="unique-items-required",
    ),
)
