"""Arguments as they travel: paths, queries, headers and bodies."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any
from urllib.parse import quote
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from .errors import NotSent
from .files import Upload

__all__ = ["Body", "encode_body", "encode_headers", "encode_path", "encode_query"]


@dataclass
class Body:
    """A body ready to be sent. ``rewind`` are files and where they stood: they are taken back before a repetition."""

    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | IO[bytes] | None = None
    data: dict[str, Any] | None = None
    files: list[tuple[str, tuple[str | None, bytes | IO[bytes], str]]] | None = None
    rewind: list[tuple[IO[bytes], int | None]] = field(default_factory=list)

    @property
    def repeatable(self) -> bool:
        """Whether it can be sent a second time."""
        return all(position is not None for _, position in self.rewind)

    def prepare(self) -> None:
        """Take files back to where they stood."""
        for file, position in self.rewind:
            if position is not None:
                file.seek(position)


def encode_path(template: str, arguments: Mapping[str, Any]) -> str:
    """The path with its arguments, percent-encoded (RFC 3986).

    Raises NotSent for an empty argument, or one of dots: it would be another path.
    """
    path = template
    for name, value in arguments.items():
        text = ",".join(_texts(value))
        if text in ("", ".", ".."):
            raise NotSent(f"the path parameter {name!r} cannot be {text!r}")
        path = path.replace(f"{{{name}}}", quote(text, safe=""))
    return path


def encode_query(
    arguments: Mapping[str, Any], styles: Mapping[str, str]
) -> list[tuple[str, str | int | float | bool | None]]:
    """The query as pairs; None is left out. Lists are repeated, unless ``styles`` has another way for the parameter."""
    pairs: list[tuple[str, str | int | float | bool | None]] = []
    for name, value in arguments.items():
        if value is None:
            continue
        style = styles.get(name, "form")
        plain = _plain(value)
        if style == "json":
            pairs.append((name, json.dumps(plain, separators=(",", ":"), ensure_ascii=False)))
        elif isinstance(plain, dict):
            pairs.extend(_object(name, plain, style))
        elif isinstance(plain, list) and style != "form":
            separator = {"spaceDelimited": " ", "pipeDelimited": "|"}.get(style, ",")
            pairs.append((name, separator.join(_text(item) for item in plain)))
        else:
            pairs.extend((name, text) for text in _texts(value))
    return pairs


def _object(name: str, value: Mapping[str, Any], style: str) -> list[tuple[str, str]]:
    members = [(key, _text(item)) for key, item in value.items() if item is not None]
    if style == "deepObject":
        return [(f"{name}[{key}]", text) for key, text in members]
    if style == "formJoined":
        return [(name, ",".join(f"{key},{text}" for key, text in members))]
    return members


def encode_headers(arguments: Mapping[str, Any]) -> dict[str, str]:
    """Header arguments by name, lists joined by commas; None is left out. Raises NotSent for a line break."""
    headers: dict[str, str] = {}
    for name, value in arguments.items():
        if value is None:
            continue
        text = ",".join(_texts(value))
        if "\r" in text or "\n" in text or "\x00" in text:
            raise NotSent(f"the header {name} cannot hold a line break")
        headers[name] = text
    return headers


def encode_body(value: Any, content_type: str) -> Body:
    """The body for ``value``, as its media type asks."""
    essence = content_type.partition(";")[0].strip().lower()
    if value is None:
        return Body()
    if essence == "multipart/form-data":
        return _multipart(value)
    if essence == "application/x-www-form-urlencoded":
        fields = _plain(value)
        members = (
            {key: item for key, item in fields.items() if item is not None}
            if isinstance(fields, dict)
            else {}
        )
        texts = {
            key: [_text(each) for each in item] if isinstance(item, list) else _text(item)
            for key, item in members.items()
        }
        return Body(data=texts)
    headers = {"Content-Type": content_type}
    if isinstance(value, BaseModel):
        return Body(headers, content=_json(value))
    if isinstance(value, Upload):
        value = value.content
    if isinstance(value, bytes):
        return Body(headers, content=value)
    if isinstance(value, str) and not essence.endswith("json"):
        return Body({"Content-Type": f"{essence}; charset=utf-8"}, content=value.encode())
    if hasattr(value, "read"):
        return Body(headers, content=value, rewind=[(value, _position(value))])
    return Body(headers, content=_json(value))


def _json(value: Any) -> bytes:
    if isinstance(value, BaseModel):
        return value.model_dump_json(by_alias=True, exclude_unset=True).encode()
    return TypeAdapter(Any).dump_json(value, by_alias=True, exclude_unset=True)


def _multipart(value: Any) -> Body:
    body = Body(data={}, files=[])
    assert body.data is not None
    assert body.files is not None
    for name, item in _members(value):
        for each in item if isinstance(item, list) else [item]:
            if isinstance(each, Upload):
                if not isinstance(each.content, bytes):
                    body.rewind.append((each.content, _position(each.content)))
                body.files.append(
                    (name, (each.filename or "upload", each.content, each.content_type))
                )
            elif isinstance(each, BaseModel | dict):
                body.files.append((name, (None, _json(each), "application/json")))
            elif each is not None:
                body.files.append((name, (None, _text(_plain(each)).encode(), "text/plain")))
    return body


def _members(value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, BaseModel):
        aliases = {name: field.alias or name for name, field in type(value).model_fields.items()}
        known = [
            (aliases[name], value.__dict__[name])
            for name in aliases
            if name in value.model_fields_set
        ]
        return [*known, *(value.model_extra or {}).items()]
    return dict(value).items()


def _position(file: IO[bytes]) -> int | None:
    try:
        return file.tell() if file.seekable() else None
    except (OSError, AttributeError):
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value


def _texts(value: Any) -> list[str]:
    plain = _plain(value)
    if isinstance(plain, list):
        return [_text(item) for item in plain]
    if isinstance(plain, dict):
        return [part for key, item in plain.items() for part in (key, _text(item))]
    return [_text(plain)]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            raise NotSent(
                f"{value.isoformat()} has no time zone: use datetime.now(timezone.utc) or the like"
            )
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, str | int | float | UUID):
        return str(value)
    return json.dumps(_plain(value), separators=(",", ":"), ensure_ascii=False, default=str)
