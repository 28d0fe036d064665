"""Rules about texts and defaults."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.changes.rules.sources import ANNOTATIONS, DEFAULT, PARAMETER
from treaty.model.roles import Role

RULES: tuple[Rule, ...] = (
    Rule(
        id="documentation-changed",
        effect=Effect.NONE,
        summary="Texts or examples changed.",
        message="{after} of {subject} changed",
        why=(
            "Nobody. No value becomes valid or invalid; people read something else. If the text says that the "
            "behaviour changed, then it did, and no tool can see it."
        ),
        before="type: string\ndescription: The currency.",
        after="type: string\ndescription: The currency, as in ISO 4217.",
        safe="Nothing to do. A patch version says that people may want to read it again.",
        source=ANNOTATIONS,
        reverse="documentation-changed",
    ),
    Rule(
        id="default-changed",
        effect=Effect.NONE,
        summary="The default of a value changed.",
        message="the default of {subject} was {before} and is now {after}",
        why=(
            "Requests that leave the value out are accepted as before and mean something else. The callers have "
            "changed nothing and are told nothing. In answers a default only informs."
        ),
        before="type: boolean\ndefault: false",
        after="type: boolean\ndefault: true",
        safe=(
            "Keep the default and let callers ask for the new behaviour. If it must change, say from which day, and "
            "log who relies on it."
        ),
        source=DEFAULT,
        reverse="default-changed",
        deviations=(Deviation(Role.READS, Level.RISKY, "Requests that leave the value out now mean something else."),),
    ),
    Rule(
        id="parameter-default-changed",
        effect=Effect.REPLACES,
        summary="The default of a parameter or form field changed.",
        message="the default of {subject} was {before} and is now {after}",
        why=(
            "A request without the parameter is the most common request there is, and now it asks for something else: "
            "another page size, another order, another filter. Pages are skipped and reports change, and no status "
            "code tells."
        ),
        before="name: order\nin: query\nschema: {type: string, default: asc}",
        after="name: order\nin: query\nschema: {type: string, default: desc}",
        safe=(
            "Leave the default and let clients that want the new one ask for it. The new default belongs to the next "
            "major."
        ),
        source=f"{PARAMETER}; {DEFAULT}",
        reverse="parameter-default-changed",
    ),
)
