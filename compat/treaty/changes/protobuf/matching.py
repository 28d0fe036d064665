"""Which declaration of the new contract is which of the old: by full name, and where that is gone by use and shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from treaty.model.protobuf.nodes import Declaration, Enum, Field, File, Message, Schema, nested_messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_D = TypeVar("_D", Message, Enum)
_ALIKE = 0.5
"""Two declarations are taken for one that was renamed when they share this part of the smaller one's members."""


class Matching:
    """The pairs of files, messages and enums; each ``dict`` maps the old path or full name to the new one.

    Only declarations of the files that were asked for are matched; ``renamed`` holds the old full names that did not
    survive, other than through the package of their file.
    """

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old = old
        self._new = new
        self.files = _files(old, new)
        self.renamed: set[str] = set()
        self._packages = {
            (_prefix(before), _prefix(after))
            for before, after in ((old.files[path], new.files[other]) for path, other in self.files.items())
            if before.package != after.package
        }
        self.messages: dict[str, str] = self._by_name(_own_messages(old), new.messages)
        self.enums: dict[str, str] = self._by_name(_own_enums(old), new.enums)
        self._follow_renames()

    def _by_name(self, own: Iterable[_D], new: Mapping[str, _D]) -> dict[str, str]:
        found: dict[str, str] = {}
        for declaration in own:
            full_name: str = declaration.full_name
            candidates = [full_name, *self._in_new_package(full_name)]
            name = next((name for name in candidates if name in new), None)
            if name is not None:
                found[full_name] = name
        return found

    def _in_new_package(self, full_name: str) -> Iterator[str]:
        for before, after in self._packages:
            if full_name.startswith(before):
                yield after + full_name.removeprefix(before)

    def _follow_renames(self) -> None:
        """Find renamed messages and enums: in what was renamed, where the same field or call uses them, or alike."""
        free_messages = {one.full_name for one in _own_messages(self._new)} - set(self.messages.values())
        free_enums = {one.full_name for one in _own_enums(self._new)} - set(self.enums.values())
        before = -1
        while before != len(self.messages) + len(self.enums):
            before = len(self.messages) + len(self.enums)
            for old, new in list(self.messages.items()):
                self._nested(old, new, free_messages, free_enums)
            for old_type, new_type in self._used_alike():
                self._take(old_type, new_type, free_messages, free_enums)
            self._same_shape(free_messages)

    def _nested(self, old: str, new: str, free_messages: set[str], free_enums: set[str]) -> None:
        if old == new:
            return
        message = self._old.messages[old]
        for nested in message.messages:
            self._pair(self.messages, nested.full_name, f"{new}.{nested.name}", free_messages)
        for enum in message.enums:
            self._pair(self.enums, enum.full_name, f"{new}.{enum.name}", free_enums)

    def _pair(self, into: dict[str, str], old: str, new: str, free: set[str]) -> bool:
        if old in into or new not in free:
            return False
        into[old] = new
        free.discard(new)
        return True

    def _take(self, old: str, new: str, free_messages: set[str], free_enums: set[str]) -> None:
        if old in self.messages or old in self.enums:
            return
        if old in self._old.messages and new in free_messages:
            if _alike(self._old.messages[old], self._new.messages[new]):
                self._pair(self.messages, old, new, free_messages)
                self.renamed.add(old)
        elif old in self._old.enums and new in free_enums:
            numbers = [{value.number for value in one.values} for one in (self._old.enums[old], self._new.enums[new])]
            if len(numbers[0] & numbers[1]) >= _ALIKE * min(len(numbers[0]), len(numbers[1])):
                self._pair(self.enums, old, new, free_enums)
                self.renamed.add(old)

    def _used_alike(self) -> Iterator[tuple[str, str]]:
        """Pairs of type names that stand at the same field of matched messages, or the same call of one service."""
        for old, new in list(self.messages.items()):
            before, after = self._old.messages[old], self._new.messages[new]
            for number, field in before.fields.items():
                other = after.fields.get(number)
                if field.type_name and other is not None and other.type_name:
                    yield field.type_name, other.type_name
        for name, service in self._old.services.items():
            other_service = next(
                (
                    self._new.services[full]
                    for full in (name, *self._in_new_package(name))
                    if full in self._new.services
                ),
                None,
            )
            for method in service.methods.values() if other_service is not None else ():
                other_method = other_service.methods.get(method.name) if other_service is not None else None
                if other_method is not None:
                    yield method.request, other_method.request
                    yield method.response, other_method.response

    def _same_shape(self, free: set[str]) -> None:
        gone = [one for one in _own_messages(self._old) if one.full_name not in self.messages and one.fields]
        shapes: dict[object, list[str]] = {}
        for name in free:
            shapes.setdefault(_shape(self._new.messages[name]), []).append(name)
        wanted: dict[object, list[str]] = {}
        for one in gone:
            wanted.setdefault(_shape(one), []).append(one.full_name)
        for shape, names in wanted.items():
            found = shapes.get(shape, [])
            if len(names) == len(found) == 1 and self._pair(self.messages, names[0], found[0], free):
                self.renamed.add(names[0])


def _files(old: Schema, new: Schema) -> dict[str, str]:
    if len(old.roots) == len(new.roots) == 1:
        return {old.roots[0]: new.roots[0]}
    return {path: path for path in old.roots if path in new.roots}


def _prefix(file: File) -> str:
    return f"{file.package}." if file.package else ""


def _own(schema: Schema, holder: Callable[[File], Iterable[_D]]) -> Iterator[_D]:
    for file in schema.root_files:
        yield from holder(file)


def _own_messages(schema: Schema) -> Iterator[Message]:
    for one in _own(schema, lambda file: nested_messages(file.messages)):
        if not one.map_entry:
            yield one


def _own_enums(schema: Schema) -> Iterator[Enum]:
    yield from _own(schema, lambda file: file.enums)
    for message in _own_messages(schema):
        yield from message.enums


def _signature(field: Field) -> tuple[object, ...]:
    return (field.number, field.name, field.kind, field.cardinality)


def _shape(message: Declaration) -> object:
    fields = message.fields.values() if isinstance(message, Message) else ()
    return frozenset(_signature(field) for field in fields)


def _alike(old: Message, new: Message) -> bool:
    """Whether the two share half of the smaller one's fields by number and name, or both have none."""
    before = {(field.number, field.name) for field in old.fields.values()}
    after = {(field.number, field.name) for field in new.fields.values()}
    return len(before & after) >= _ALIKE * min(len(before), len(after))
