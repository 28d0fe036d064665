"""Facts between two fields of one number."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from treaty.changes.protobuf.descriptions import describe
from treaty.changes.protobuf.facts import Carrier, Fact
from treaty.changes.protobuf.kinds import type_change
from treaty.changes.protobuf.named_types import compare_entries, compare_named_types
from treaty.model.protobuf.nodes import Cardinality, Kind

if TYPE_CHECKING:
    from treaty.changes.protobuf.comparison import Comparison
    from treaty.documents.location import JsonValue
    from treaty.model.protobuf.nodes import Field, Schema

_NAME, _LABEL, _TYPE, _TYPE_NAME, _DEFAULT, _OPTIONS, _JSON_NAME = 1, 4, 5, 6, 7, 8, 10
_CTYPE, _JSTYPE, _FEATURES, _UTF8 = 1, 6, 21, 4
_OTHER_VALUES = frozenset({"proto-field-type-changed", "proto-field-number-reused"})
_REUSES = frozenset({"proto-field-type-changed", "proto-field-cast"})
_INTEGERS_64 = frozenset({Kind.INT64, Kind.UINT64, Kind.SINT64, Kind.FIXED64, Kind.SFIXED64})
_TEXTS = frozenset({Kind.STRING, Kind.BYTES})


def compare_fields(
    comparison: Comparison,
    old: Field,
    new: Field,
    carrier: Carrier | None,
    subject: str,
    *,
    maps: tuple[Field, Field] | None = None,
) -> None:
    """Compare two fields or extensions with the same number; of a key or value, ``maps`` are the map fields."""
    pair = _Pair(comparison, old, new, carrier, subject, maps)
    type_rule = pair.compare_type()
    if type_rule != "proto-field-number-reused":
        pair.compare_names()
    pair.compare_cardinality(type_rule)
    if type_rule is None or type_rule not in _OTHER_VALUES:
        pair.compare_default()
    pair.compare_generated_code()
    if maps is None:
        for fact in describe(old, new, subject):
            comparison.add(fact)


def field_subject(field: Field) -> str:
    """How a sentence speaks of a field: `` `amount` = 4 of `wallet.v1.Bet` ``."""
    return f"`{field.name}` = {field.number} of `{field.full_name.rpartition('.')[0]}`"


class _Pair:
    def __init__(
        self,
        comparison: Comparison,
        old: Field,
        new: Field,
        carrier: Carrier | None,
        subject: str,
        maps: tuple[Field, Field] | None,
    ) -> None:
        self._comparison = comparison
        self._old = old
        self._new = new
        self._carrier = carrier
        self._subject = subject
        self._entry = maps is not None
        self._written = maps or (old, new)

    def _fact(self, rule: str, before: JsonValue, after: JsonValue, *places: tuple[int, ...]) -> None:
        old, new = self._written
        where = old.location(*places), new.location(*places)
        self._comparison.add(Fact(rule, self._old.full_name, self._subject, before, after, *where, self._carrier))

    def compare_names(self) -> None:
        old, new = self._old, self._new
        group = old.kind is Kind.GROUP and new.kind is Kind.GROUP and old.type_name != new.type_name
        if old.name != new.name and not (group and self._comparison.following):
            before, after = (old.full_name, new.full_name) if old.extendee else (old.name, new.name)
            kept = old.json_name == new.json_name and not old.extendee
            self._fact("proto-field-renamed-json-name-kept" if kept else "proto-field-renamed", before, after, (_NAME,))
        elif old.json_name != new.json_name and not old.extendee:
            self._fact("proto-field-json-name-changed", old.json_name, new.json_name, (_JSON_NAME,))
        elif old.full_name != new.full_name and old.extendee:
            self._fact("proto-field-renamed", old.full_name, new.full_name, (_NAME,))

    def compare_type(self) -> str | None:
        """Tell what the type became; the rule that was raised, None when the types are the same."""
        old, new = self._old, self._new
        rule = type_change(old.kind, new.kind)
        if old.cardinality is Cardinality.MAP and new.cardinality is Cardinality.MAP:
            self._entries()
            return None
        if rule is None:
            if Cardinality.MAP in (old.cardinality, new.cardinality) and not (
                old.cardinality.singular or new.cardinality.singular
            ):
                return compare_entries(self._comparison, old, new, self._carrier, self._subject)
            if old.type_name:
                return compare_named_types(self._comparison, old, new, self._carrier, self._subject)
            return None
        places = ((_TYPE_NAME,) if new.type_name else (_TYPE,), (_TYPE,))
        if rule in _REUSES and old.name != new.name and not self._entry:
            self._fact(
                "proto-field-number-reused", f"{old.name} ({type_text(old)})", f"{new.name} ({type_text(new)})", *places
            )
            return "proto-field-number-reused"
        self._fact(rule, type_text(old), type_text(new), *places)
        if rule == "proto-field-encoding-changed" and old.type_name:
            compare_named_types(self._comparison, old, new, self._carrier, self._subject)
        return rule

    def _entries(self) -> None:
        """The key and the value of a map are fields 1 and 2 of its entry."""
        before = self._comparison.old.messages[self._old.type_name]
        after = self._comparison.new.messages[self._new.type_name]
        for number, word in ((1, "key"), (2, "value")):
            subject = f"the {word} of {self._subject}"
            compare_fields(
                self._comparison,
                before.fields[number],
                after.fields[number],
                self._carrier,
                subject,
                maps=(self._old, self._new),
            )

    def compare_cardinality(self, type_rule: str | None) -> None:
        if self._entry:
            return
        old, new = self._old.cardinality, self._new.cardinality
        if Cardinality.REQUIRED in (old, new) and old is not new:
            if new is Cardinality.REQUIRED:
                self._fact("proto-required-field-added", None, None, (_LABEL,))
            else:
                self._fact("proto-required-field-removed", None, f"now {new}", (_LABEL,))
        if old.singular != new.singular:
            rule = "proto-field-became-repeated" if old.singular else "proto-field-became-singular"
            self._fact(rule, self._form(self._old), self._form(self._new), (_LABEL,))
        elif not old.singular and old is not new:
            self._fact("proto-field-map-changed", old.value, new.value, (_LABEL,))
        elif old is Cardinality.REPEATED and self._old.packed != self._new.packed and type_rule is None:
            words = {True: "packed", False: "not packed"}
            self._fact("proto-field-packing-changed", words[self._old.packed], words[self._new.packed])
        elif {old, new} == {Cardinality.IMPLICIT, Cardinality.EXPLICIT} and self._presence_is_news():
            lost = new is Cardinality.IMPLICIT
            self._fact("proto-field-presence-lost" if lost else "proto-field-presence-gained", old.value, new.value)

    def _presence_is_news(self) -> bool:
        """Whether presence is not explained by a oneof, or by the field being a message on one side only."""
        return self._old.oneof == self._new.oneof is None and self._old.kind.is_message == self._new.kind.is_message

    def _form(self, field: Field) -> str:
        packed = " and packed" if field.packed else ""
        return f"{field.cardinality.value}{packed}"

    def compare_default(self) -> None:
        old, new = self._old, self._new
        if self._entry or old.default is None or new.default is None:
            return
        before = _default_value(self._comparison.old, old)
        after = _default_value(self._comparison.new, new)
        texts = isinstance(before, str), isinstance(after, str)
        if before != after and (texts[0] == texts[1] or (before or after)):
            self._fact("proto-default-changed", old.default, new.default, (_DEFAULT,))

    def compare_generated_code(self) -> None:
        old, new = self._old, self._new
        if self._entry:
            return
        before, after = old.features, new.features
        if old.kind is Kind.STRING and new.kind is Kind.STRING:
            if before.utf8_validation != after.utf8_validation:
                added = after.utf8_validation == "VERIFY"
                rule = "proto-utf8-validation-added" if added else "proto-utf8-validation-dropped"
                self._fact(rule, before.utf8_validation, after.utf8_validation, (_OPTIONS, _FEATURES, _UTF8))
            else:
                self._option("Java UTF-8 check", _java_check(old), _java_check(new))
        if old.kind in _TEXTS and new.kind in _TEXTS:
            # To replace STRING_PIECE, which open-source protobuf never had, by STRING changes no accessor.
            was = before.cpp_string_type
            if not (was == "STRING_PIECE" and after.cpp_string_type == "STRING"):
                self._option("C++ string type", was, after.cpp_string_type, (_OPTIONS, _CTYPE))
        if old.kind in _INTEGERS_64 and new.kind in _INTEGERS_64:
            types = old.options.get("jstype", "JS_NORMAL"), new.options.get("jstype", "JS_NORMAL")
            self._option("jstype", str(types[0]), str(types[1]), (_OPTIONS, _JSTYPE))

    def _option(self, name: str, before: str, after: str, *places: tuple[int, ...]) -> None:
        if before != after:
            self._fact("proto-field-option-changed", f"{name} = {before}", f"{name} = {after}", *places)


def type_text(field: Field) -> str:
    """The type of a field as a sentence names it."""
    if field.cardinality is Cardinality.MAP:
        return "map"
    return f"{field.kind.value} {field.type_name}" if field.type_name else field.kind.value


def _java_check(field: Field) -> str:
    own = field.features.java_utf8_validation
    return field.features.utf8_validation if own == "DEFAULT" else own


def _default_value(schema: Schema, field: Field) -> JsonValue:
    """A default that can be compared across types: enums by number, booleans as numbers, floats as single precision."""
    if field.kind is Kind.ENUM and field.type_name in schema.enums:
        values = {value.name: value.number for value in schema.enums[field.type_name].values}
        return values.get(str(field.default), 0)
    if isinstance(field.default, float):
        return _single_precision(field.default)
    return int(field.default) if isinstance(field.default, bool) else field.default


def _single_precision(number: float) -> float:
    try:
        single: float = struct.unpack("<f", struct.pack("<f", number))[0]
    except OverflowError:
        return number
    return single
