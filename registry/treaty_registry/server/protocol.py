"""HTTP over TLS where clients may show certificates: their subject becomes part of every request."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from treaty_registry.access.door import CERTIFICATE

if TYPE_CHECKING:
    import asyncio


class CertificateProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which knows nothing of certificates beyond the handshake."""

    _certificate: str | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base class
        super().connection_made(transport)
        self._certificate = common_name(transport.get_extra_info("peercert"))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._certificate is not None:
            # ASGI leaves room for what a server adds; the type of the scope does not.
            cast("dict[str, object]", self.scope)[CERTIFICATE] = self._certificate


def common_name(certificate: dict[str, tuple[tuple[tuple[str, str], ...], ...]] | None) -> str | None:
    """The common name of a verified certificate's subject, as :meth:`ssl.SSLSocket.getpeercert` gives it."""
    for part in (certificate or {}).get("subject", ()):
        for name, value in part:
            if name == "commonName":
                return value
    return None
