"""Random pairs of schemas and random messages: a verdict of "compatible" is never refuted by Google's runtime."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from treaty.changes.change import Level
from treaty.changes.protobuf import Surface, compare, compare_files
from treaty.changes.protobuf.comparison import Question
from treaty.documents.schema_text import SchemaText
from treaty.model.protobuf import canonical_text, parse
from treaty.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Step: TypeAlias = "Callable[[st.DrawFn, Shape], Shape]"

SCALARS = (
    "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64",
    "bool", "float", "double", "string", "bytes",
)  # fmt: skip
NUMBERS = range(1, 6)
RANGES = {
    "int32": (-(2**31), 2**31 - 1), "sint32": (-(2**31), 2**31 - 1), "sfixed32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1), "sint64": (-(2**63), 2**63 - 1), "sfixed64": (-(2**63), 2**63 - 1),
    "uint32": (0, 2**32 - 1), "fixed32": (0, 2**32 - 1), "uint64": (0, 2**64 - 1), "fixed64": (0, 2**64 - 1),
}  # fmt: skip
LIMITS = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class FieldShape:
    kind: str
    label: str
    name: str
    in_oneof: bool


@dataclass(frozen=True)
class Shape:
    """A schema: the fields of `Outer` and `Inner` by number, the values of `Status`, and proto2 or proto3."""

    syntax: str
    outer: dict[int, FieldShape]
    inner: dict[int, FieldShape]
    values: dict[int, str]

    def text(self) -> str:
        return (
            f'syntax = "{self.syntax}";\npackage shop;\n'
            f"enum Status {{\n{''.join(f'  {name} = {number};' for number, name in sorted(self.values.items()))}\n}}\n"
            f"message Inner {{\n{self._fields(self.inner)}}}\nmessage Outer {{\n{self._fields(self.outer)}}}\n"
        )

    def _fields(self, fields: dict[int, FieldShape]) -> str:
        lines, chosen = [], []
        for number, field in sorted(fields.items()):
            if field.label == "map" and field.kind != "group":
                lines.append(f"  map<string, {field.kind}> {field.name} = {number};\n")
            elif field.in_oneof and field.label in ("", "optional"):
                chosen.append(f"    {field.kind} {field.name} = {number};\n")
            else:
                label = field.label or ("optional" if self.syntax == "proto2" else "")
                lines.append(f"  {label} {field.kind} {field.name} = {number};\n")
        return "".join(lines) + (f"  oneof choice {{\n{''.join(chosen)}  }}\n" if chosen else "")


def _field(number: int, kinds: tuple[str, ...]) -> st.SearchStrategy[FieldShape]:
    return st.builds(
        FieldShape,
        kind=st.sampled_from(kinds),
        label=st.sampled_from(["", "", "optional", "repeated", "map"]),
        name=st.sampled_from([f"f{number}", f"f{number}", f"g{number}"]),
        in_oneof=st.booleans(),
    )


def _fields(kinds: tuple[str, ...]) -> st.SearchStrategy[dict[int, FieldShape]]:
    return st.dictionaries(st.sampled_from(NUMBERS), st.none(), min_size=1, max_size=4).flatmap(
        lambda chosen: st.fixed_dictionaries({number: _field(number, kinds) for number in sorted(chosen)})
    )


OUTER_KINDS = (*SCALARS, "Inner", "Inner", "Status")
VALUES = st.fixed_dictionaries(
    {0: st.just("STATUS_UNSPECIFIED")},
    optional={number: st.sampled_from([f"STATUS_{number}", f"STATE_{number}"]) for number in (1, 2)},
)
SHAPES = st.builds(
    Shape,
    syntax=st.sampled_from(["proto2", "proto3"]),
    outer=_fields(OUTER_KINDS),
    inner=_fields(SCALARS),
    values=VALUES,
)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Shape, Shape]:
    """A schema and a version of it with one or two things changed."""
    old = draw(SHAPES)
    new = old
    for _ in range(draw(st.integers(1, 2))):
        new = draw(st.sampled_from(STEPS))(draw, new)
    return old, new


def _of_one_field(change: Callable[[st.DrawFn, FieldShape, tuple[str, ...]], FieldShape | None]) -> Step:
    """A step that changes one field of one message, or draws one where there is none."""

    def step(draw: st.DrawFn, shape: Shape) -> Shape:
        part = draw(st.sampled_from(["outer", "inner"]))
        fields: dict[int, FieldShape] = dict(getattr(shape, part))
        kinds = OUTER_KINDS if part == "outer" else SCALARS
        number = draw(st.sampled_from(sorted(fields) or list(NUMBERS)))
        before = fields.get(number)
        after = change(draw, before, kinds) if before is not None else draw(_field(number, kinds))
        if after is None:
            del fields[number]
        else:
            fields[number] = after
        return replace(shape, **{part: fields})

    return step


def _new_field(draw: st.DrawFn, shape: Shape) -> Shape:
    number = draw(st.sampled_from(NUMBERS))
    return replace(shape, outer={number: draw(_field(number, OUTER_KINDS)), **shape.outer})


STEPS: list[Step] = [
    *[_of_one_field(lambda draw, field, kinds: replace(field, kind=draw(st.sampled_from(kinds))))] * 3,
    _of_one_field(
        lambda draw, field, _: replace(field, label=draw(st.sampled_from(["", "optional", "repeated", "map"])))
    ),
    _of_one_field(lambda _, field, __: replace(field, in_oneof=not field.in_oneof)),
    _of_one_field(lambda _, field, __: replace(field, name=field.name.replace("f", "g"))),
    _of_one_field(lambda _, __, ___: None),
    _new_field,
    lambda draw, shape: replace(shape, values=draw(VALUES)),
    lambda _, shape: replace(shape, syntax="proto3"),
]


def _class(shape: Shape) -> type[Message]:
    pool = DescriptorPool()
    for proto in FileDescriptorSet.FromString(parse(SchemaText(shape.text())).descriptor_set).file:
        pool.Add(proto)
    return GetMessageClass(pool.FindMessageTypeByName("shop.Outer"))


def _scalar(kind: str, shape: Shape) -> st.SearchStrategy[Any]:
    if kind in RANGES:
        return st.one_of(st.integers(-2, 3).filter(lambda n: n >= RANGES[kind][0]), st.integers(*RANGES[kind]))
    if kind == "Status":
        return st.sampled_from(sorted(shape.values))
    return {
        "bool": st.booleans(),
        # The runtime does not read the largest float back from the JSON it wrote.
        "float": st.floats(-(2.0**99), 2.0**99, width=32),
        "double": st.floats(allow_nan=False),
        "string": st.text(max_size=4),
        "bytes": st.binary(max_size=4),
    }[kind]


def _filled(data: st.DataObject, message: Message, fields: dict[int, FieldShape], shape: Shape) -> None:
    for field in fields.values():
        if data.draw(st.integers(0, 3)) == 0:
            continue
        target = getattr(message, field.name)
        if field.kind == "Inner":
            if field.label == "map":
                _filled(data, target["k"], shape.inner, shape)
            elif field.label == "repeated":
                for _ in range(data.draw(st.integers(1, 2))):
                    _filled(data, target.add(), shape.inner, shape)
            else:
                target.SetInParent()
                _filled(data, target, shape.inner, shape)
        elif field.label == "map":
            target["k"] = data.draw(_scalar(field.kind, shape))
        elif field.label == "repeated":
            target.extend(data.draw(st.lists(_scalar(field.kind, shape), min_size=1, max_size=3)))
        else:
            setattr(message, field.name, data.draw(_scalar(field.kind, shape)))


def _meaning(message: Message, known: Message) -> dict[int, Any]:
    """What a message says in the fields that ``known`` has too: numbers to plain values.

    A default is left out where one of the two cannot tell it from a field that is not set.
    """
    numbers = known.DESCRIPTOR.fields_by_number
    found = {}
    for field, value in message.ListFields():
        if field.number not in numbers:
            continue
        other = numbers[field.number]
        plain = _plain(field, value, other)
        told = field.is_repeated or other.is_repeated or (field.has_presence and other.has_presence)
        if told or plain not in (0, b"", None):
            found[field.number] = plain if isinstance(plain, list) or not other.is_repeated else [plain]
    return found


def _plain(field: Any, value: Any, other: Any) -> Any:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        content = field.message_type.fields_by_number[2]
        inside = other.message_type.fields_by_number[2] if other.message_type is not None else other
        return [(key, _single(content, one, inside)) for key, one in sorted(value.items())]
    if field.is_repeated:
        return [_single(field, one, other) for one in value]
    single = _single(field, value, other)
    return [single] if other.is_repeated else single


def _single(field: Any, value: Any, other: Any) -> Any:
    if isinstance(value, Message):
        return _meaning(value, GetMessageClass(other.message_type)()) if other.message_type is not None else value
    if isinstance(value, str):
        return value.encode()
    return int(value) if isinstance(value, bool) else value


def _worst(old: Shape, new: Shape, question: Question) -> Level:
    changes = compare_files({"s.proto": old.text()}, {"s.proto": new.text()}, question=question)
    return max((change.level for change in changes), key=lambda level: level.severity, default=Level.DOCS)


def _check(data: st.DataObject, writer: Shape, reader: Shape, read: Callable[[Message, Message], None]) -> None:
    note(f"--- writer\n{writer.text()}--- reader\n{reader.text()}")
    message, known = _class(writer)(), _class(reader)()
    _filled(data, message, writer.outer, writer)
    note(str(message))
    read(message, known)
    assert _meaning(message, known) == _meaning(known, message)


def _through_bytes(message: Message, known: Message) -> None:
    known.ParseFromString(message.SerializeToString())


def _through_json(message: Message, known: Message) -> None:
    json_format.Parse(json_format.MessageToJson(message), known, ignore_unknown_fields=True)


@LIMITS
@given(pair=pairs(), data=st.data(), role=st.sampled_from([Role.READS, Role.WRITES]))
def test_what_is_called_compatible_in_bytes_reads_as_written(
    pair: tuple[Shape, Shape], data: st.DataObject, role: Role
) -> None:
    old, new = pair
    level = _worst(old, new, Question(surfaces=Surface.BYTES, roles=role))
    if level.severity > Level.ADDITIVE.severity:
        return
    writer, reader = (old, new) if role is Role.READS else (new, old)
    _check(data, writer, reader, _through_bytes)


@LIMITS
@given(pair=pairs(), data=st.data(), role=st.sampled_from([Role.READS, Role.WRITES]))
def test_what_is_called_compatible_in_json_reads_as_written(
    pair: tuple[Shape, Shape], data: st.DataObject, role: Role
) -> None:
    old, new = pair
    level = _worst(old, new, Question(surfaces=Surface.TEXT, roles=role))
    if level.severity > Level.ADDITIVE.severity:
        return
    writer, reader = (old, new) if role is Role.READS else (new, old)
    _check(data, writer, reader, _through_json)


@LIMITS
@given(pair=pairs())
def test_every_witness_in_bytes_is_refused_or_misread(pair: tuple[Shape, Shape]) -> None:
    old, new = pair
    changes = compare_files({"s.proto": old.text()}, {"s.proto": new.text()})
    for change in changes:
        witness = change.witness
        if witness is None or witness.wire is None or not change.element.startswith("shop.Outer."):
            continue
        writer, reader = (old, new) if witness.accepted_by == "base" else (new, old)
        message, known = _class(writer)(), _class(reader)()
        message.ParseFromString(bytes.fromhex(witness.wire))
        try:
            known.ParseFromString(bytes.fromhex(witness.wire))
        except DecodeError:
            continue
        everything = _meaning(message, message)
        names = change.rule in ("proto-enum-value-renumbered", "proto-default-changed")
        assert names or everything != _meaning(known, message) or set(everything) - set(_meaning(message, known)), (
            witness
        )


@LIMITS
@given(pair=pairs())
def test_the_same_question_asked_from_the_other_side_has_the_same_answer(pair: tuple[Shape, Shape]) -> None:
    """Whether `new` reads `old`, asked of new as reader and of old as writer."""
    old, new = pair
    # A choice that is gone and a number that moved are told where they were; string to bytes is safe by the guide.
    directed = {"proto-oneof-field-removed", "proto-field-renumbered", "proto-field-bytes-to-string"}
    answers = []
    for before, after, role in ((old, new, Role.READS), (new, old, Role.WRITES)):
        question = Question(surfaces=Surface.BYTES, roles=role)
        changes = compare_files({"s.proto": before.text()}, {"s.proto": after.text()}, question=question)
        answers.append(any(one.level is Level.BREAKING and one.rule not in directed for one in changes))
    note(f"{old.text()}\n{new.text()}")
    assert answers[0] == answers[1]


@LIMITS
@given(shape=SHAPES)
def test_canonical_text_means_the_same_and_is_stable(shape: Shape) -> None:
    text = shape.text()
    canonical = canonical_text(SchemaText(text))
    assert canonical_text(SchemaText(canonical)) == canonical
    question = {"roles": Role.BOTH, "strict": True, "surfaces": ~Surface.NONE}
    assert compare(SchemaText(text), SchemaText(canonical), **question) == ()
