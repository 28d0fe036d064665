"""What is made of a schema that many values are held against: made once, when first needed."""

from __future__ import annotations

from collections import OrderedDict
from functools import cache, partial
from typing import TYPE_CHECKING

from treaty.changes.proof import canonical, confirmation, formats
from treaty.changes.proof.answers import Found, Schema, Undecidable
from treaty.changes.proof.confirmation import Confirmation, Judge, Unjudged
from treaty.changes.proof.drafts import modern
from treaty.changes.proof.pairing import check_references

if TYPE_CHECKING:
    from collections.abc import Callable

    from treaty.documents.location import JsonValue

    Validate = Callable[[JsonValue], "bool | None"]

_KEPT = 64
"""Schemas at a time: large ones take a few megabytes each."""


class Reading:
    """One schema, read for judging values. Raises Undecidable for what is no schema or only leads back to itself."""

    def __init__(self, schema: Schema, *, assert_formats: bool) -> None:
        self.schema = schema
        self._assert_formats = assert_formats
        self._modern = modern(schema, assert_formats=assert_formats)
        # A schema that leads nowhere but to itself would keep the validators busy until the stack ends.
        check_references(self._modern.definitions)
        self._judge: Judge | None = None
        self._quick: dict[bool, Validate] = {}

    @property
    def judge(self) -> Judge:
        """The independent validator, with the schema as it was written. Raises Unjudged."""
        if self._judge is None:
            self._judge = Judge(self.schema, assert_formats=self._assert_formats)
        return self._judge

    def may(self, accept: bool, value: JsonValue) -> bool:  # reads as the question it is
        """Whether the fast validator leaves it open that ``value`` is accepted, or refused unless ``accept``."""
        quick = self._quick.get(accept)
        if quick is None:
            quick = self._quick[accept] = canonical.validator(
                self._modern.root,
                self._modern.definitions,
                checks(accept),
                literal_integers=self._modern.literal_integers,
            )
        return quick(value) is not (not accept)


class Readings:
    """The schemas that values were last held against."""

    def __init__(self, *, assert_formats: bool) -> None:
        self._assert_formats = assert_formats
        self._known: OrderedDict[tuple[int, str], Reading] = OrderedDict()

    def witness(self, value: JsonValue, accepting: Schema, refusing: Schema) -> Found | None:
        """``value`` as a witness, if the independent validator accepts it under the one and not under the other."""
        writer, reader = self._read(accepting), self._read(refusing)
        if writer is None or reader is None or not writer.may(True, value) or not reader.may(False, value):
            return None
        try:
            confirm = Confirmation(writer.judge, reader.judge)
            return Found(value, confirm.reason(value), confirmation.version()) if confirm.holds(value) else None
        except (Unjudged, RecursionError):
            return None

    def _read(self, schema: Schema) -> Reading | None:
        known = id(schema.body), schema.draft
        reading = self._known.get(known)
        if reading is None or reading.schema.body is not schema.body:
            try:
                reading = Reading(schema, assert_formats=self._assert_formats)
            except (Undecidable, RecursionError):
                return None
            self._known[known] = reading
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(known)
        return reading


@cache
def checks(accepts: bool) -> dict[str, Callable[[str], bool]]:
    """What the fast validators ask of formats: where it is not known what one holds, the answer that keeps a value."""
    return {name: partial(_of_format, name, accepts) for name in formats.STRINGS}


def _of_format(name: str, accepts: bool, text: str) -> bool:
    decided = formats.decide(name, text)
    return decided is not False if accepts else decided is True
