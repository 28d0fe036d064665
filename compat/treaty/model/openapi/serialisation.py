"""How a parameter looks on the wire (OpenAPI 3.1, section 4.8.12, "Style Values"; RFC 6570)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue

_RESERVED = ":/?#[]@!$&'()*+,;="
_SEPARATORS = {"spaceDelimited": "%20", "pipeDelimited": "%7C"}


class Carrier(NamedTuple):
    """A parameter or header as a carrier of values; ``media_type`` is set where `content` replaces `schema`."""

    name: str
    location: str
    style: str
    explode: bool
    reserved: bool = False
    media_type: str | None = None

    def write(self, value: JsonValue) -> str | None:
        """The part of a request or response that carries ``value``: ``?ids=1,2``, ``X-Tag: a,b``, ``Cookie: s=1``.

        None for values the style gives no form to.
        """
        if self.media_type is not None:
            written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
            return self._placed(f"{self.name}={self._quoted(written)}", written)
        if self.location in ("query", "cookie"):
            return self._query(value)
        simple = self._simple(value)
        return None if simple is None else self._placed(simple, simple)

    def _placed(self, assigned: str, bare: str) -> str:
        if self.location == "query":
            return f"?{assigned}"
        if self.location == "cookie":
            return f"Cookie: {assigned}"
        if self.location == "header":
            return f"{self.name}: {bare}"
        return f"…/{bare}"

    def _query(self, value: JsonValue) -> str | None:
        if isinstance(value, list):
            items = [self._scalar(item) for item in value]
            if self.explode and self.style == "form":
                return self._placed("&".join(f"{self.name}={item}" for item in items), "") if items else None
            return self._placed(f"{self.name}={_SEPARATORS.get(self.style, ',').join(items)}", "")
        if isinstance(value, dict):
            pairs = [(self._quoted(name), self._scalar(member)) for name, member in value.items()]
            if self.style == "deepObject":
                return self._placed("&".join(f"{self.name}%5B{name}%5D={member}" for name, member in pairs), "")
            if self.explode:
                return self._placed("&".join(f"{name}={member}" for name, member in pairs), "") if pairs else None
            return self._placed(f"{self.name}={','.join(part for pair in pairs for part in pair)}", "")
        return self._placed(f"{self.name}={self._scalar(value)}", "")

    def _simple(self, value: JsonValue) -> str | None:
        if isinstance(value, list):
            joined = ",".join(self._scalar(item) for item in value)
        elif isinstance(value, dict):
            mark = "=" if self.explode else ","
            joined = ",".join(f"{self._quoted(name)}{mark}{self._scalar(member)}" for name, member in value.items())
        else:
            joined = self._scalar(value)
        prefix = {"label": ".", "matrix": f";{self.name}="}.get(self.style, "")
        return prefix + joined if joined or prefix else None

    def _scalar(self, value: JsonValue) -> str:
        if isinstance(value, str):
            return self._quoted(value)
        return self._quoted(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str))

    def _quoted(self, text: str) -> str:
        if self.location == "header":
            return text  # header values are not percent-encoded
        return quote(text, safe=_RESERVED if self.reserved else "")
