"""Where the references of a self-contained schema lead."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from treaty.changes.proof.answers import Undecidable
from treaty.changes.proof.readable import invalid, place
from treaty.documents.location import JsonValue, Pointer, pointer_tokens
from treaty.model.schema.dialects import subschemas

if TYPE_CHECKING:
    from collections.abc import Iterator


class Targets:
    """Follows references in one document: pointers, anchors, and the document's own name. Nothing is fetched.

    ``draft`` is 4, 6, 7, 19 or 20. A dynamic or recursive reference leads where a plain one does, as long as there is
    only one resource in the document; with more, it is not followed.
    """

    def __init__(self, body: JsonValue, draft: int) -> None:
        self._body = body
        self._id = "id" if draft == 4 else "$id"
        self._anchored = draft > 7
        identifier = body.get(self._id) if isinstance(body, dict) else None
        self._identifier = identifier.rstrip("#") if isinstance(identifier, str) else ""

    def followed(self, reference: JsonValue, keyword: str, pointer: Pointer) -> tuple[JsonValue, Pointer]:
        """The target of ``reference``, under ``keyword`` at ``pointer``, and its place. Raises Undecidable."""
        at = (*pointer, keyword)
        if not isinstance(reference, str):
            raise invalid(at)
        inside = reference.removeprefix(self._identifier) if self._identifier else reference
        if inside and not inside.startswith("#"):
            raise Undecidable(f"a reference out of the schema at {place(at)}")
        if self._embedded(pointer):
            raise Undecidable(f"a reference below an embedded `{self._id}` at {place(at)}")
        if keyword != "$ref" and self._has_embedded():
            raise Undecidable(f"{keyword} at {place(at)}")
        return self._resolved(unquote(inside[1:]), at)

    def _resolved(self, fragment: str, at: Pointer) -> tuple[JsonValue, Pointer]:
        if fragment and not fragment.startswith("/"):
            targets = [node for node in self._all() if fragment in self._anchors(node)]
            if len(targets) != 1:
                raise Undecidable(f"a reference that leads nowhere at {place(at)}")
            return targets[0], ("#" + fragment,)
        node: JsonValue = self._body
        tokens = pointer_tokens(fragment)
        for token in tokens:
            if isinstance(node, dict) and token in node:
                node = node[token]
            elif isinstance(node, list) and token.isdecimal() and int(token) < len(node):
                node = node[int(token)]
            else:
                raise Undecidable(f"a reference that leads nowhere at {place(at)}")
        if self._embedded(tokens):
            raise Undecidable(f"a reference below an embedded `{self._id}` at {place(at)}")
        return node, tokens

    def _anchors(self, node: dict[str, JsonValue]) -> Iterator[str]:
        if self._anchored:
            for keyword in ("$anchor", "$dynamicAnchor"):
                name = node.get(keyword)
                if isinstance(name, str):
                    yield name
        else:
            name = node.get(self._id)
            if isinstance(name, str) and name.startswith("#"):
                yield name[1:]

    def _all(self) -> Iterator[dict[str, JsonValue]]:
        """Every schema object in the document."""
        waiting: list[JsonValue] = [self._body]
        while waiting:
            node = waiting.pop()
            if isinstance(node, dict):
                yield node
                waiting.extend(subschemas(node))

    def _embedded(self, pointer: Pointer) -> bool:
        """Whether a schema on the way to ``pointer``, other than the root, is a resource of its own."""
        node: JsonValue = self._body
        for token in pointer:
            if isinstance(node, dict) and isinstance(token, str):
                node = node.get(token)
            elif isinstance(node, list):
                node = node[int(token)]
            if isinstance(node, dict) and self._is_resource(node):
                return True
        return False

    def _has_embedded(self) -> bool:
        return any(node is not self._body and self._is_resource(node) for node in self._all())

    def _is_resource(self, node: dict[str, JsonValue]) -> bool:
        identifier = node.get(self._id)
        return isinstance(identifier, str) and not identifier.startswith("#")
