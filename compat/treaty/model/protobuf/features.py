"""Which features hold where: the defaults of each edition, inheritance, and what proto2 and proto3 mean by them.

Source: Protobuf documentation, "Feature Settings for Editions"; descriptor.proto, FeatureSetDefaults.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from treaty.model.protobuf.nodes import Features

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.documents.location import JsonValue

_PROTO2 = Features(
    field_presence="EXPLICIT",
    enum_type="CLOSED",
    repeated_field_encoding="EXPANDED",
    utf8_validation="NONE",
    message_encoding="LENGTH_PREFIXED",
    json_format="LEGACY_BEST_EFFORT",
    cpp_string_type="STRING",
    java_utf8_validation="DEFAULT",
)
_PROTO3 = replace(
    _PROTO2,
    field_presence="IMPLICIT",
    enum_type="OPEN",
    repeated_field_encoding="PACKED",
    utf8_validation="VERIFY",
    json_format="ALLOW",
)
_2023 = replace(_PROTO3, field_presence="EXPLICIT")

DEFAULTS: Mapping[str, Features] = {
    "proto2": _PROTO2,
    "proto3": _PROTO3,
    "2023": _2023,
    "2024": replace(_2023, cpp_string_type="VIEW"),
}
"""The features of a file that sets none, by syntax or edition. A later edition than these has those of the latest."""

_LANGUAGES = {"[pb.cpp]": {"string_type": "cpp_string_type"}, "[pb.java]": {"utf8_validation": "java_utf8_validation"}}
_OWN = frozenset(field.name for field in fields(Features)) - {"cpp_string_type", "java_utf8_validation"}


def defaults_of(syntax: str) -> Features:
    """The features of a file in ``syntax`` that sets none."""
    return DEFAULTS.get(syntax) or DEFAULTS[max(edition for edition in DEFAULTS if edition[0].isdigit())]


def overridden(inherited: Features, written: JsonValue) -> Features:
    """``inherited`` with what the `features` option of one declaration sets."""
    if not isinstance(written, dict):
        return inherited
    changes: dict[str, str] = {name: str(value) for name, value in written.items() if name in _OWN}
    for extension, names in _LANGUAGES.items():
        language = written.get(extension)
        if isinstance(language, dict):
            changes.update({names[name]: str(value) for name, value in language.items() if name in names})
    return replace(inherited, **changes) if changes else inherited
