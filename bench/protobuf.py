"""How Treaty's Protobuf rules agree with labelled pairs, and what a check costs.

    python bench/protobuf.py DIRECTORY

``DIRECTORY`` holds ``protobuf.jsonl``: pairs from buf's test data (``expected_annotations`` under the rules that its
``buf.yaml`` uses) and from Confluent's (``expected_compatible`` under BACKWARD).
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from treaty.changes.catalogue import rules
from treaty.changes.change import Change, Level
from treaty.changes.protobuf import compare, compare_schemas
from treaty.changes.protobuf.comparison import Question
from treaty.changes.protobuf.levels import broken_on
from treaty.changes.protobuf.surfaces import MESSAGES, Surface, SurfaceRule
from treaty.documents.schema_text import SchemaText
from treaty.model.protobuf import parse, parse_files
from treaty.model.roles import Role

CATEGORIES = {
    "FILE": Surface.SOURCE | Surface.WIRE | Surface.JSON,
    "PACKAGE": Surface.CODE | Surface.WIRE | Surface.JSON,
    "WIRE_JSON": Surface.WIRE | Surface.JSON,
    "WIRE": Surface.WIRE,
}
"""buf's categories as surfaces."""

POLICY = {"proto-field-enum-integer-changed": Level.BREAKING}
"""What buf decides that Treaty leaves to the policy."""

FILE_OPTIONS = {
    "cc_enable_arenas": "FILE_SAME_CC_ENABLE_ARENAS",
    "cc_generic_services": "FILE_SAME_CC_GENERIC_SERVICES",
    "csharp_namespace": "FILE_SAME_CSHARP_NAMESPACE",
    "go_package": "FILE_SAME_GO_PACKAGE",
    "java_generic_services": "FILE_SAME_JAVA_GENERIC_SERVICES",
    "java_multiple_files": "FILE_SAME_JAVA_MULTIPLE_FILES",
    "java_outer_classname": "FILE_SAME_JAVA_OUTER_CLASSNAME",
    "java_package": "FILE_SAME_JAVA_PACKAGE",
    "java_string_check_utf8": "FILE_SAME_JAVA_STRING_CHECK_UTF8",
    "objc_class_prefix": "FILE_SAME_OBJC_CLASS_PREFIX",
    "optimize_for": "FILE_SAME_OPTIMIZE_FOR",
    "php_class_prefix": "FILE_SAME_PHP_CLASS_PREFIX",
    "php_metadata_namespace": "FILE_SAME_PHP_METADATA_NAMESPACE",
    "php_namespace": "FILE_SAME_PHP_NAMESPACE",
    "py_generic_services": "FILE_SAME_PY_GENERIC_SERVICES",
    "ruby_package": "FILE_SAME_RUBY_PACKAGE",
    "swift_prefix": "FILE_SAME_SWIFT_PREFIX",
}
_DECLARATIONS = {"message": "MESSAGE", "enum": "ENUM", "service": "SERVICE", "extension": "EXTENSION"}
_TYPE_RULES = ("FIELD_SAME_TYPE", "FIELD_WIRE_COMPATIBLE_TYPE", "FIELD_WIRE_JSON_COMPATIBLE_TYPE")
_CARDINALITY_RULES = (
    "FIELD_SAME_CARDINALITY",
    "FIELD_SAME_LABEL",
    "FIELD_WIRE_COMPATIBLE_CARDINALITY",
    "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
)
_NARROW_CARDINALITY = ("FIELD_SAME_CARDINALITY", "FIELD_SAME_LABEL")

BUF_RULES: dict[str, tuple[str, ...]] = {
    "proto-default-changed": ("FIELD_SAME_DEFAULT",),
    "proto-descriptor-accessor-removed": ("MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR",),
    "proto-enum-alias-removed": ("ENUM_VALUE_SAME_NAME",),
    "proto-enum-closed": ("ENUM_SAME_TYPE",),
    "proto-enum-opened": ("ENUM_SAME_TYPE",),
    "proto-enum-removed": ("ENUM_NO_DELETE", "PACKAGE_ENUM_NO_DELETE"),
    "proto-enum-renamed": ("ENUM_NO_DELETE", "PACKAGE_ENUM_NO_DELETE"),
    "proto-enum-value-renamed": ("ENUM_VALUE_SAME_NAME",),
    "proto-enum-value-renumbered": ("ENUM_VALUE_SAME_NAME",),
    "proto-extension-range-removed": ("EXTENSION_MESSAGE_NO_DELETE",),
    "proto-extension-removed": ("EXTENSION_NO_DELETE", "PACKAGE_EXTENSION_NO_DELETE"),
    "proto-field-became-repeated": _CARDINALITY_RULES,
    "proto-field-became-singular": _CARDINALITY_RULES,
    "proto-field-bytes-to-string": _TYPE_RULES,
    "proto-field-cast": _TYPE_RULES,
    "proto-field-encoding-changed": _TYPE_RULES,
    "proto-field-enum-integer-changed": _TYPE_RULES,
    "proto-field-json-name-changed": ("FIELD_SAME_JSON_NAME",),
    "proto-field-map-changed": ("FIELD_SAME_CARDINALITY", "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY"),
    "proto-field-moved-into-oneof": ("FIELD_SAME_ONEOF", "FIELD_SAME_CARDINALITY"),
    "proto-field-moved-out-of-oneof": ("FIELD_SAME_ONEOF", "FIELD_SAME_CARDINALITY"),
    "proto-field-narrowed": _TYPE_RULES,
    "proto-field-number-reused": (*_TYPE_RULES, "FIELD_SAME_NAME", "FIELD_SAME_JSON_NAME"),
    "proto-field-oneof-changed": ("FIELD_SAME_ONEOF", "FIELD_SAME_CARDINALITY"),
    "proto-field-presence-gained": _NARROW_CARDINALITY,
    "proto-field-presence-lost": _NARROW_CARDINALITY,
    "proto-field-renamed": ("FIELD_SAME_NAME", "FIELD_SAME_JSON_NAME"),
    "proto-field-renamed-json-name-kept": ("FIELD_SAME_NAME",),
    "proto-field-sign-changed": ("FIELD_SAME_TYPE",),
    "proto-field-string-to-bytes": _TYPE_RULES,
    "proto-field-type-changed": _TYPE_RULES,
    "proto-field-type-renamed": ("FIELD_SAME_TYPE",),
    "proto-field-type-replaced": _TYPE_RULES,
    "proto-field-widened": _TYPE_RULES,
    "proto-file-removed": ("FILE_NO_DELETE",),
    "proto-json-format-weakened": ("ENUM_SAME_JSON_FORMAT", "MESSAGE_SAME_JSON_FORMAT"),
    "proto-message-removed": ("MESSAGE_NO_DELETE", "PACKAGE_MESSAGE_NO_DELETE"),
    "proto-message-renamed": ("MESSAGE_NO_DELETE", "PACKAGE_MESSAGE_NO_DELETE"),
    "proto-message-set-changed": ("MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT",),
    "proto-oneof-removed": ("ONEOF_NO_DELETE",),
    "proto-oneof-renamed": ("ONEOF_NO_DELETE",),
    "proto-package-changed": ("FILE_SAME_PACKAGE", "PACKAGE_NO_DELETE"),
    "proto-record-removed": ("MESSAGE_NO_DELETE", "PACKAGE_MESSAGE_NO_DELETE"),
    "proto-required-field-added": ("MESSAGE_SAME_REQUIRED_FIELDS", *_CARDINALITY_RULES),
    "proto-required-field-removed": ("MESSAGE_SAME_REQUIRED_FIELDS", *_CARDINALITY_RULES),
    "proto-reservation-removed": ("RESERVED_MESSAGE_NO_DELETE", "RESERVED_ENUM_NO_DELETE"),
    "proto-reserved-number-used": ("RESERVED_MESSAGE_NO_DELETE", "RESERVED_ENUM_NO_DELETE"),
    "proto-rpc-idempotency-strengthened": ("RPC_SAME_IDEMPOTENCY_LEVEL",),
    "proto-rpc-idempotency-weakened": ("RPC_SAME_IDEMPOTENCY_LEVEL",),
    "proto-rpc-removed": ("RPC_NO_DELETE",),
    "proto-rpc-request-changed": ("RPC_SAME_REQUEST_TYPE",),
    "proto-rpc-response-changed": ("RPC_SAME_RESPONSE_TYPE",),
    "proto-rpc-streaming-changed": ("RPC_SAME_CLIENT_STREAMING", "RPC_SAME_SERVER_STREAMING"),
    "proto-service-removed": ("SERVICE_NO_DELETE", "PACKAGE_SERVICE_NO_DELETE"),
    "proto-syntax-changed": ("FILE_SAME_SYNTAX",),
    "proto-utf8-validation-added": ("FIELD_SAME_UTF8_VALIDATION",),
    "proto-utf8-validation-dropped": ("FIELD_SAME_UTF8_VALIDATION",),
}
"""Treaty's rules to the rules of buf that speak of the same change; the rest of the table is `buf_rules`."""


def buf_rules(change: Change) -> tuple[str, ...]:
    """The rules of buf that speak of ``change``."""
    rule, after = change.rule, str(change.after)
    if rule == "proto-file-option-changed":
        return (FILE_OPTIONS[change.element.rsplit(" ", 1)[1]],)
    if rule == "proto-field-option-changed":
        option = after.split(" = ")[0]
        names = {
            "jstype": "FIELD_SAME_JSTYPE",
            "C++ string type": "FIELD_SAME_CPP_STRING_TYPE",
            "Java UTF-8 check": "FIELD_SAME_JAVA_UTF8_VALIDATION",
        }
        return (names[option],)
    if rule == "proto-declaration-moved":
        return (f"{_DECLARATIONS[change.message.split()[0]]}_NO_DELETE",)
    if rule.startswith(("proto-field-removed", "proto-enum-value-removed", "proto-oneof-field-removed")) or (
        rule == "proto-required-field-removed" and after == "gone"
    ):
        noun = "ENUM_VALUE" if "enum" in rule else "FIELD"
        found = [f"{noun}_NO_DELETE"]
        found += [f"{noun}_NO_DELETE_UNLESS_NUMBER_RESERVED"] if "number" in after else []
        found += [f"{noun}_NO_DELETE_UNLESS_NAME_RESERVED"] if "name" in after else []
        return (*found, *BUF_RULES.get(rule, ()))
    if rule == "proto-field-renumbered":
        return ("FIELD_NO_DELETE", "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", "FIELD_NO_DELETE_UNLESS_NAME_RESERVED")
    return BUF_RULES.get(rule, ())


class Place(NamedTuple):
    """A finding of buf: its rule, and the file and line it points at."""

    rule: str
    file: str | None
    line: int | None


def buf_rows(rows: list[dict[str, Any]]) -> None:
    """Agreement per category, counted in places."""
    totals: dict[str, Counter[str]] = {category: Counter() for category in CATEGORIES}
    for row in rows:
        used = _used(row)
        for category, surfaces in CATEGORIES.items():
            wanted = {
                Place(one["rule"], one["file"], _line(one))
                for one in row["expected_annotations"]
                if category in (row["rule_categories"].get(one["rule"]) or ())
            }
            in_category = {rule for rule, of in row["rule_categories"].items() if category in (of or ())}
            rules = used & in_category if used else in_category
            if not rules:
                continue
            question = Question(surfaces=surfaces, levels=POLICY)
            changes = compare_schemas(
                parse_files(_protos(row["previous"])), parse_files(_protos(row["current"])), question
            )
            breaking = [change for change in changes if change.level is Level.BREAKING]
            found = {_place(rule, change) for change in breaking for rule in buf_rules(change) if rule in rules}
            missed = wanted - found
            lines = {(place.file, place.line) for change in breaking if (place := _place("", change))}
            otherwise = {place for place in missed if any(_inside(row, place, line) for line in lines)}
            totals[category]["agree"] += len(wanted & found)
            totals[category]["otherwise"] += len(otherwise)
            totals[category]["missed"] += len(missed - otherwise)
            totals[category]["extra"] += len(found - wanted)
            for place in sorted(missed, key=str):
                word = "other " if place in otherwise else "missed"
                print(f"  {category:9} {word} {row['name']}: {place.rule} {place.file}:{place.line}")
            for place in sorted(found - wanted, key=str):
                print(f"  {category:9} extra  {row['name']}: {place.rule} {place.file}:{place.line}")
    for category, counts in totals.items():
        share = counts["agree"] / max(1, counts.total())
        print(
            f"{category:9} {counts['agree']} of {counts.total()} places agree ({100 * share:.1f} %), "
            f"{counts['otherwise']} told by another rule, {counts['missed']} only buf, {counts['extra']} only Treaty"
        )


def _place(rule: str, change: Change) -> Place:
    """Where buf would point: what moved is missed in the file it left."""
    if change.rule == "proto-declaration-moved":
        return Place(rule, str(change.before), None)
    location = change.revision
    return Place(rule, location.file, location.line) if location is not None else Place(rule, None, None)


def _line(annotation: dict[str, Any]) -> int | None:
    """The first line that buf marks, None for a whole file."""
    start, end = annotation["start"], annotation["end"]
    return None if start is None or start == end == [1, 1] else int(start[0])


def _inside(row: dict[str, Any], place: Place, line: tuple[str | None, int | None]) -> bool:
    """Whether a finding of Treaty stands within the lines that buf marks."""
    for one in row["expected_annotations"]:
        start, end = one["start"], one["end"]
        if (one["rule"], one["file"], _line(one)) != place or line[0] != place.file:
            continue
        if start is None or (line[1] is not None and start[0] <= line[1] <= end[0]):
            return True
    return False


def _used(row: dict[str, Any]) -> set[str]:
    text = row["buf_yaml_current"] or ""
    lines = [line.strip().removeprefix("- ") for line in text.splitlines() if line.strip().startswith("- ")]
    names = {"FIELD_SAME_CTYPE": "FIELD_SAME_CPP_STRING_TYPE"}
    return {names.get(line, line) for line in lines if line.isupper()} - CATEGORIES.keys()


def confluent_rows(rows: list[dict[str, Any]]) -> None:
    """Agreement with Confluent's checker, new reads old."""
    agree, costs = 0, []
    for row in rows:
        old, new = (_schema(row[side]) for side in ("previous", "current"))
        start = time.perf_counter()
        changes = compare(old, new, roles=Role.READS, strict=True)
        costs.append(time.perf_counter() - start)
        compatible = all(change.level is not Level.BREAKING for change in changes)
        agree += compatible == row["expected_compatible"]
        if compatible != row["expected_compatible"]:
            print(f"  BACKWARD  {row['name']}: Confluent {row['expected_compatible']}, Treaty {compatible}")
    middle = sorted(costs)[len(costs) // 2]
    pairs = f"{agree} of {len(rows)} pairs agree with Confluent"
    print(f"BACKWARD  {pairs}; {1000 * middle:.1f} ms a pair, parsing included (median)")


def _protos(files: dict[str, str]) -> dict[str, str]:
    """The .proto files among what buf keeps in a test directory."""
    return {path: text for path, text in files.items() if path.endswith(".proto")}


def _schema(files: dict[str, str]) -> SchemaText:
    return SchemaText(files["schema.proto"], {path: text for path, text in files.items() if path != "schema.proto"})


def witnesses(rows: list[dict[str, Any]]) -> None:
    """How many breaking findings about bytes or JSON come with a message that shows them."""
    shown = 0
    without: Counter[str] = Counter()
    for row in rows:
        old, new = (parse_files(_protos(row[side])) for side in ("previous", "current"))
        for change in compare_schemas(old, new, Question()):
            rule = rules()[change.rule]
            broken = broken_on(rule, Role.BOTH, strict=False) if isinstance(rule, SurfaceRule) else Surface.NONE
            if broken & MESSAGES:
                shown += change.witness is not None
                without[change.rule] += change.witness is None
    print(
        f"witnesses {shown} of {shown + without.total()} findings that break bytes or JSON; without: {dict(+without)}"
    )


def cost(rows: list[dict[str, Any]]) -> None:
    """What one parse and one comparison take, apart."""
    texts = [row["current"]["schema.proto"] for row in rows]
    parse(SchemaText(texts[0] + "\n// started"))
    start = time.perf_counter()
    for number in range(10):
        for text in texts:
            parse(SchemaText(f"{text}\n// {number}"))
    print(f"parse     {100 * (time.perf_counter() - start) / len(texts):.2f} ms a schema, protoc and model")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    lines = (parser.parse_args().directory / "protobuf.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    buf = [row for row in rows if "expected_annotations" in row]
    confluent = [row for row in rows if "expected_compatible" in row]
    buf_rows(buf)
    confluent_rows(confluent)
    witnesses(buf)
    cost([row for row in confluent if len(row["current"]) == 1])


if __name__ == "__main__":
    main()
