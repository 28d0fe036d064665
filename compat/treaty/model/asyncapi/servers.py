"""Servers of both majors: one URL in 2.x, host and pathname in 3.x."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from treaty.model.asyncapi.nodes import Server
from treaty.model.asyncapi.security import required_in_2, required_in_3

if TYPE_CHECKING:
    from treaty.documents.node import Node
    from treaty.model.asyncapi.contract import AsyncApiContract

__all__ = ["read_servers"]

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://")
_VARIABLE = re.compile(r"\{([^{}]*)\}")


def read_servers(contract: AsyncApiContract) -> tuple[Server, ...]:
    """Every server of ``contract``. Raises InvalidContract for one without address or protocol."""
    objects = contract.objects
    return tuple(
        _server(contract, name, objects.object(node, f"the server {name!r}"))
        for name, node in objects.entries(contract.root, "servers", "`servers`")
    )


def _server(contract: AsyncApiContract, name: str, node: Node) -> Server:
    objects = contract.objects
    assert isinstance(node.value, dict)
    listed = node.child("security") if node.value.get("security") is not None else None
    protocol = objects.text(node, "protocol", "the protocol of a server")
    if contract.major == 2:
        written = objects.text(node, "url", "the URL of a server")
        security = required_in_2(objects, listed, contract.security_schemes)
    else:
        written = objects.text(node, "host", "the host of a server")
        path = objects.text(node, "pathname", "the pathname of a server")
        written = written if written is None or not path else f"{written.rstrip('/')}/{path.lstrip('/')}"
        security = required_in_3(objects, listed)
    if protocol is None or written is None:
        missing = "protocol" if protocol is None else "url" if contract.major == 2 else "host"
        objects.refuse(node, f"the server {name!r} has no `{missing}`", "a server needs its address and its protocol")
    address = _SCHEME.sub("", written).rstrip("/")
    host, separator, path = address.partition("/")
    return Server(
        name=name,
        node=node,
        protocol=protocol.lower(),
        address=host.lower() + separator + path if "{" not in host else address,
        variables=_variables(contract, node, address),
        security=security,
    )


def _variables(contract: AsyncApiContract, server: Node, address: str) -> dict[str, frozenset[str] | None]:
    objects = contract.objects
    written = dict(objects.entries(server, "variables", "`variables`"))
    found: dict[str, frozenset[str] | None] = {}
    for name in _VARIABLE.findall(address):
        values: frozenset[str] | None = None
        if name in written:
            variable = objects.object(written[name], "a server variable")
            listed = objects.items(variable, "enum", "`enum` of a server variable")
            values = frozenset(str(node.value) for node in listed) if listed else None
        found[name] = values
    return found
