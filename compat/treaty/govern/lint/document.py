"""One document as lint rules see it: its places, and its tree with everything but schemas in place of references."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from treaty.documents.formats import Family
from treaty.documents.location import pointer_text
from treaty.documents.node import Node
from treaty.govern.comparison import describe
from treaty.govern.places import Kind, Place, places_of
from treaty.model.schema.dialects import DRAFT_7, OPENAPI_30, OPENAPI_31, dialect_by_uri, infer_dialect
from treaty.model.schema.space import SchemaSpace

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from treaty.changes.comparison import Side
    from treaty.documents.library import Library
    from treaty.documents.location import JsonValue, Location, Pointer
    from treaty.govern.lint.view import View
    from treaty.govern.policy import ContractPolicy, Policy
    from treaty.model.openapi.contract import OpenApiContract
    from treaty.model.schema.dialects import Dialect


class LintContext(NamedTuple):
    """What every document of a run has in common: the policy, the files, the folder of the policy, and the day."""

    policy: Policy
    library: Library
    paths: Sequence[str]
    prefix: str
    today: datetime.date


class LintDocument:
    """A document under lint; ``contract`` is the entry of the catalogue it belongs to."""

    def __init__(self, side: Side, contract: ContractPolicy, context: LintContext) -> None:
        self.side = side
        self.contract = contract
        self.context = context
        self.family = side.document.format.family
        self.version = describe(side.document).version

    @property
    def root(self) -> Node:
        """The whole document."""
        return Node(self.side.document, (), self.side.document.tree)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every named place."""
        return tuple(places_of(self.side))

    @cached_property
    def view(self) -> View:
        """The tree that JSONPath is asked on."""
        from treaty.govern.lint.view import view_of

        return view_of(self)

    @cached_property
    def space(self) -> SchemaSpace:
        """The schemas of the document, read in its dialect."""
        return SchemaSpace(self.side.library, self._dialect())

    @cached_property
    def openapi(self) -> OpenApiContract:
        """The model of an OpenAPI document."""
        from treaty.model.openapi.contract import OpenApiContract

        return OpenApiContract(self.side.library, self.root)

    def of_kind(self, *kinds: Kind) -> list[Place]:
        """The places of some kinds."""
        return [place for place in self.places if place.kind in kinds]

    def element_at(self, node: Node) -> str:
        """What a written place is called: the nearest place around it, and the way from there."""
        pointer: Pointer = node.pointer
        while True:
            name = self._names.get((node.document.path, pointer))
            if name is not None:
                rest = ".".join(str(token) for token in node.pointer[len(pointer) :])
                return f"{name} {rest}" if rest else name
            if not pointer:
                return f"{node.document.path}#{pointer_text(node.pointer)}"
            pointer = pointer[:-1]

    def locate(self, node: Node, *tokens: str | int) -> Location:
        """Where a written place, or a member of it, stands."""
        return node.document.locate((*node.pointer, *tokens))

    @cached_property
    def _names(self) -> dict[tuple[str, Pointer], str]:
        found = {
            (place.node.document.path, place.node.pointer): place.name
            for place in self.places
            if place.node is not None
        }
        return {(self.side.document.path, ()): "contract", **found}

    def _dialect(self) -> Dialect:
        tree = self.side.document.tree
        if self.family is Family.OPENAPI:
            version = str(tree.get("openapi")) if isinstance(tree, dict) else ""
            named = dialect_by_uri(tree.get("jsonSchemaDialect")) if isinstance(tree, dict) else None
            return OPENAPI_30 if version.startswith("3.0") else named or OPENAPI_31
        if self.family is Family.JSON_SCHEMA:
            return _schema_dialect(tree)
        return DRAFT_7


def _schema_dialect(tree: JsonValue) -> Dialect:
    named = dialect_by_uri(tree.get("$schema")) if isinstance(tree, dict) else None
    return named or infer_dialect(tree) or DRAFT_7
