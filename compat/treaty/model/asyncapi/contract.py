"""One AsyncAPI document: its servers, and the operations the application performs."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from treaty.model.asyncapi.objects import Objects

if TYPE_CHECKING:
    from treaty.documents.library import Library
    from treaty.documents.node import Node
    from treaty.model.asyncapi.nodes import Operation, Server

__all__ = ["AsyncApiContract"]


class AsyncApiContract:
    """A parsed AsyncAPI document of any version from 2.0 to 3.1.

    Reading raises InvalidContract, at its place, for what is not built as the specification asks, and
    UnresolvedReference.
    """

    def __init__(self, library: Library, root: Node) -> None:
        self.library = library
        self.root = root
        self.objects = Objects(library)

    @property
    def version(self) -> str | None:
        """`info.version`, as written; None where there is none."""
        info = self.root.value.get("info") if isinstance(self.root.value, dict) else None
        version = info.get("version") if isinstance(info, dict) else None
        return str(version) if isinstance(version, str | int | float) else None

    @property
    def major(self) -> int:
        """The major version of the specification the document follows, 2 or 3."""
        assert isinstance(self.root.value, dict)
        return int(str(self.root.value["asyncapi"])[0])

    @property
    def default_content_type(self) -> str | None:
        return self.objects.text(self.root, "defaultContentType", "`defaultContentType`")

    @cached_property
    def servers(self) -> tuple[Server, ...]:
        """The servers, in the order written."""
        from treaty.model.asyncapi.servers import read_servers

        return read_servers(self)

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """The operations, in the order written."""
        if self.major == 2:
            from treaty.model.asyncapi.version_2 import read_operations
        else:
            from treaty.model.asyncapi.version_3 import read_operations
        return read_operations(self)

    @cached_property
    def security_schemes(self) -> dict[str, Node]:
        """Name to security scheme of the components, references not yet followed."""
        components = self.objects.member(self.root, "components", "`components`")
        if components is None:
            return {}
        return dict(self.objects.entries(components, "securitySchemes", "`securitySchemes`"))
