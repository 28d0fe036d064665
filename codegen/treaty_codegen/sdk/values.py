"""Example values: JSON that fits a type, and the Python that builds it."""

from __future__ import annotations

import base64
import datetime
import operator
import re
import uuid
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from treaty_codegen.models.expressions import (
    NONE,
    AliasModel,
    ClassModel,
    Constrained,
    FieldModel,
    Generic,
    Literals,
    Name,
    OpenUnion,
    Reference,
    TypeExpression,
    Union,
    without_none,
)
from treaty_codegen.quoting import literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from treaty.documents.location import JsonValue
    from treaty_codegen.models.library import Types

__all__ = ["NoExampleError", "Values"]

_TEXTS = {
    "str": "text",
    "AwareDatetime": "2026-11-21T09:30:00Z",
    "Date": "2026-11-21",
    "UUID": "0192f3c1-7a52-7c3e-9d1b-5f6f0a4be210",
    "DecimalText": "1.00",
    "Base64": "dGV4dA==",
    "Upload": "content",
}
_DEEPEST = 12
_KEEPS: Mapping[str, Callable[[float, float], bool]] = {
    "ge": operator.ge,
    "gt": operator.gt,
    "le": operator.le,
    "lt": operator.lt,
    "max_length": operator.le,
    "min_length": operator.ge,
}


class NoExampleError(Exception):
    """No value can be made for a type: a pattern without an example, or a value that contains itself."""


class Values:
    """Makes example values for the types of one contract; ``used`` collects what their Python needs imported."""

    def __init__(self, types: Types) -> None:
        self._types = types
        self.used: set[str] = set()

    def sample(self, expression: TypeExpression, depth: int = 0) -> JsonValue:
        """The smallest JSON value of a type: required properties only. Raises NoExampleError."""
        if depth > _DEEPEST:
            raise NoExampleError
        match expression:
            case Name(text=name):
                return self._plain(name)
            case Literals(values=values):
                return values[0]
            case Reference(id=id_):
                return self._referred(id_, depth)
            case Union(members=members):
                for member in members:
                    try:
                        return self.sample(member, depth + 1)
                    except NoExampleError:
                        continue
                raise NoExampleError
            case Generic(origin="dict"):
                return {}
            case Generic(origin="tuple", arguments=arguments):
                return [self.sample(each, depth + 1) for each in arguments]
            case Generic():
                return []
            case OpenUnion(variants=variants):
                return self.sample(variants[0][1], depth + 1)
            case Constrained():
                return self._constrained(expression, depth)

    def fits(self, value: JsonValue, expression: TypeExpression) -> bool:
        """Whether ``value`` is of the type; contracts have examples that are not."""
        try:
            self.python(value, expression)
        except NoExampleError:
            return False
        return True

    def _plain(self, name: str) -> JsonValue:
        if name == "None":
            return None
        if name in _TEXTS:
            return _TEXTS[name]
        numbers: dict[str, JsonValue] = {"int": 1, "float": 1.5, "bool": True, "DecimalNumber": 1, "Any": {}}
        if name not in numbers:
            raise NoExampleError
        return numbers[name]

    def _referred(self, id_: str, depth: int) -> JsonValue:
        definition = self._types.definitions.get(id_)
        raw = definition.node.value if definition is not None else None
        if isinstance(raw, dict):
            listed = raw.get("examples")
            given = [*([raw["example"]] if "example" in raw else []), *(listed if isinstance(listed, list) else [])]
            for example in given:
                if self.fits(example, Reference(id_)):
                    return example
        model = self._types.models.get(id_)
        if isinstance(model, AliasModel):
            return self.sample(model.type, depth + 1)
        if not isinstance(model, ClassModel):
            raise NoExampleError
        return {each.wire: self.sample(each.type, depth + 1) for each in self.fields(id_) if each.required}

    def _constrained(self, expression: Constrained, depth: int) -> JsonValue:
        least, most = expression.get("min_length"), expression.get("max_length")
        pattern = expression.get("pattern")
        if isinstance(pattern, str):
            text = _matching(pattern, least if isinstance(least, int) else 0, most if isinstance(most, int) else None)
            if text is None or not self.fits(text, expression):
                raise NoExampleError
            return text
        value = self.sample(expression.inner, depth + 1)
        if isinstance(value, str):
            padded = value + "x" * (least - len(value) if isinstance(least, int) else 0)
            return padded[:most] if isinstance(most, int) else padded
        if isinstance(value, list) and isinstance(least, int) and isinstance(expression.inner, Generic):
            return [self.sample(expression.inner.arguments[0], depth + 1)] * least
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._number(expression, value)
        return value

    def _number(self, expression: Constrained, value: float) -> JsonValue:
        for bound in ("ge", "le"):
            limit = expression.get(bound)
            if isinstance(limit, int | float):
                return limit
        step = expression.get("multiple_of")
        if isinstance(step, int | float):
            return step
        above, below = expression.get("gt"), expression.get("lt")
        if isinstance(above, int | float):
            return above + 1
        return below - 1 if isinstance(below, int | float) else value

    def fields(self, id_: str) -> list[FieldModel]:
        """The fields of a class, inherited ones first."""
        model = self._types.models.get(self._types.final(id_))
        if not isinstance(model, ClassModel):
            return []
        found: dict[str, FieldModel] = {}
        for base in model.bases:
            found |= {each.wire: each for each in self.fields(base)}
        found |= {each.wire: each for each in model.fields}
        return list(found.values())

    def python(self, value: JsonValue, expression: TypeExpression, prefix: str = "models.") -> str:
        """The Python expression for a JSON value of a type, as a type checker accepts it. Raises NoExampleError."""
        if isinstance(expression, Constrained):
            if not _within(value, expression):
                raise NoExampleError
            return self.python(value, expression.inner, prefix)
        if isinstance(expression, Reference):
            id_ = self._types.final(expression.id)
            model = self._types.models.get(id_)
            if isinstance(model, AliasModel):
                return self.python(value, model.type, prefix)
            return self._object(value, id_, prefix)
        if isinstance(expression, Union):
            if value is None and NONE in expression.members:
                return "None"
            rest = without_none(expression)
            return self._one_of(value, rest.members if isinstance(rest, Union) else (rest,), prefix)
        if isinstance(expression, OpenUnion):
            return self._variant(value, expression, prefix)
        if isinstance(expression, Generic):
            return self._container(value, expression, prefix)
        return self._scalar(value, expression)

    def _object(self, value: JsonValue, id_: str, prefix: str) -> str:
        name = self._types.name(id_)
        if not isinstance(value, dict) or name is None:
            raise NoExampleError
        known = {each.wire: each for each in self.fields(id_)}
        if any(each.required and each.wire not in value for each in known.values()):
            raise NoExampleError
        arguments = [
            f"{known[wire].name}={self.python(item, known[wire].type, prefix)}"
            for wire, item in value.items()
            if wire in known and (item is not None or known[wire].nullable or known[wire].required)
        ]
        return f"{prefix}{name}({', '.join(arguments)})"

    def _one_of(self, value: JsonValue, members: tuple[TypeExpression, ...], prefix: str) -> str:
        for member in members:
            try:
                return self.python(value, member, prefix)
            except NoExampleError:
                continue
        raise NoExampleError

    def _variant(self, value: JsonValue, union: OpenUnion, prefix: str) -> str:
        tag = value.get(union.property) if isinstance(value, dict) else None
        for tags, variant in union.variants:
            if tag in tags:
                return self.python(value, variant, prefix)
        raise NoExampleError

    def _container(self, value: JsonValue, expression: Generic, prefix: str) -> str:
        if isinstance(value, dict) and expression.origin == "dict":
            items = [
                f"{literal(key)}: {self.python(item, expression.arguments[1], prefix)}" for key, item in value.items()
            ]
            return f"{{{', '.join(items)}}}"
        if isinstance(value, list) and expression.origin == "list":
            return f"[{', '.join(self.python(item, expression.arguments[0], prefix) for item in value)}]"
        raise NoExampleError

    def _scalar(self, value: JsonValue, expression: TypeExpression) -> str:
        if isinstance(expression, Literals):
            kinds = tuple({type(each) for each in expression.values})
            if value in expression.values or (expression.open and isinstance(value, kinds)):
                return literal(value)
            raise NoExampleError
        name = expression.text if isinstance(expression, Name) else ""
        if name == "Any":
            return literal(value)
        if name in ("DecimalText", "DecimalNumber") and isinstance(value, str | int):
            if not _parses("Decimal", str(value)):
                raise NoExampleError
            self.used.add("Decimal")
            return f"Decimal({literal(str(value))})"
        if isinstance(value, str):
            return self._text(value, name)
        if type(value).__name__ != name and not (name == "float" and type(value) is int):
            raise NoExampleError
        return literal(value)

    def _text(self, value: str, name: str) -> str:
        if name == "str":
            return literal(value)
        if name == "Upload":
            self.used.add("Upload")
            return f"Upload({literal(value.encode())})"
        if name not in ("AwareDatetime", "Date", "UUID", "Base64") or not _parses(name, value):
            raise NoExampleError
        if name == "Base64":
            return literal(base64.b64decode(value))
        if name == "UUID":
            self.used.add("UUID")
            return f"UUID({literal(value)})"
        kind = "datetime" if name == "AwareDatetime" else "date"
        self.used.add(kind)
        return f"{kind}.fromisoformat({literal(value)})"


def _parses(name: str, text: str) -> bool:
    """Whether ``text`` is what both the model and the call in a test take for a value of the type."""
    try:
        match name:
            case "AwareDatetime":
                moment = datetime.datetime.fromisoformat(text)
                return moment.tzinfo is not None and "T" in text.upper() and "-" in text[:5]
            case "Date":
                return datetime.date.fromisoformat(text).isoformat() == text
            case "UUID":
                return str(uuid.UUID(text)) == text.lower()
            case "Base64":
                return bool(base64.b64decode(text, validate=True)) or not text
            case _:
                return Decimal(text).is_finite()
    except (ValueError, ArithmeticError):
        return False


@lru_cache(maxsize=4096)
def _matching(pattern: str, least: int, most: int | None) -> str | None:
    """A short text that matches ``pattern``; None where that is too hard to find."""
    from treaty.changes.proof.patterns.language import Texts, TooHard, shortest

    try:
        return shortest(Texts(matching=(pattern,), least=least, most=most))
    except TooHard:
        return None


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern)
    except re.error:
        return None


def _within(value: JsonValue, expression: Constrained) -> bool:
    """Whether an example keeps to the limits beside it; contracts have some that do not."""
    pattern = expression.get("pattern")
    if isinstance(value, str) and isinstance(pattern, str):
        compiled = _compiled(pattern)
        if compiled is None or not compiled.search(value):
            return False
    size = len(value) if isinstance(value, str | list) else None
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    for name, limit in expression.constraints:
        measured = size if name in ("min_length", "max_length") else number
        keeps = _KEEPS.get(name)
        if measured is not None and keeps is not None and isinstance(limit, int | float) and not keeps(measured, limit):
            return False
    return True
