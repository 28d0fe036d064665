"""Signatures over bodies: of requests we send, and of deliveries we receive."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from .errors import NotSent, SignatureInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .retries import Clock

__all__ = [
    "Ed25519Key",
    "Ed25519PublicKey",
    "HmacKey",
    "SignatureScheme",
    "SigningKey",
    "VerifyingKey",
]


class SigningKey(Protocol):
    """A key that signs; ``algorithm`` is its name in the contract."""

    @property
    def algorithm(self) -> str: ...

    def sign(self, content: bytes) -> bytes:
        """The signature of ``content``."""
        ...


class VerifyingKey(Protocol):
    """A key that verifies; ``algorithm`` is its name in the contract."""

    @property
    def algorithm(self) -> str: ...

    def verifies(self, content: bytes, signature: bytes) -> bool:
        """Whether ``signature`` is one of ``content``; takes the same time whatever differs."""
        ...


@dataclass(frozen=True)
class HmacKey:
    """A shared secret for HMAC-SHA-256 (RFC 2104), as bytes or text."""

    secret: bytes | str = field(repr=False)

    @property
    def algorithm(self) -> str:
        return "hmac-sha256"

    def sign(self, content: bytes) -> bytes:
        secret = self.secret.encode() if isinstance(self.secret, str) else self.secret
        return hmac.new(secret, content, hashlib.sha256).digest()

    def verifies(self, content: bytes, signature: bytes) -> bool:
        return hmac.compare_digest(self.sign(content), signature)


@dataclass(frozen=True)
class Ed25519Key:
    """A private key for EdDSA (RFC 8032): PEM (PKCS #8), or the 32 raw bytes. Needs the package `cryptography`."""

    private_key: bytes = field(repr=False)

    @property
    def algorithm(self) -> str:
        return "ed25519"

    def sign(self, content: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        if len(self.private_key) == 32:
            return Ed25519PrivateKey.from_private_bytes(self.private_key).sign(content)
        loaded = load_pem_private_key(self.private_key, password=None)
        if not isinstance(loaded, Ed25519PrivateKey):
            raise NotSent("the signing key is no Ed25519 key")
        return loaded.sign(content)


@dataclass(frozen=True)
class Ed25519PublicKey:
    """The public key of the other side: PEM, or the 32 raw bytes. Needs the package `cryptography`."""

    public_key: bytes

    @property
    def algorithm(self) -> str:
        return "ed25519"

    def verifies(self, content: bytes, signature: bytes) -> bool:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric import ed25519
        from cryptography.hazmat.primitives.serialization import load_pem_public_key

        if len(self.public_key) == 32:
            key = ed25519.Ed25519PublicKey.from_public_bytes(self.public_key)
        else:
            loaded = load_pem_public_key(self.public_key)
            if not isinstance(loaded, ed25519.Ed25519PublicKey):
                return False
            key = loaded
        try:
            key.verify(signature, content)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SignatureScheme:
    """How the contract has bodies signed.

    ``content`` is what is signed, with ``{timestamp}``, ``{method}``, ``{path}`` and ``{body}`` filled in; ``formats``
    are the texts of the header by algorithm, with ``{hex}`` or ``{base64}``. Timestamps are Unix seconds.
    """

    header: str
    formats: Mapping[str, str]
    content: str = "{timestamp}.{body}"
    timestamp_header: str | None = None
    tolerance: int = 300

    def headers(
        self, key: SigningKey, clock: Clock, method: str, path: str, body: bytes
    ) -> dict[str, str]:
        """The headers that sign a request now."""
        written = self.formats.get(key.algorithm)
        if written is None:
            allowed = ", ".join(self.formats)
            raise NotSent(f"the contract knows no signature by {key.algorithm}, only by {allowed}")
        timestamp = str(int(clock.time()))
        signature = key.sign(self._content(timestamp, method, path, body))
        headers = {self.header: _written(written, signature)}
        if self.timestamp_header is not None:
            headers[self.timestamp_header] = timestamp
        return headers

    def verify(
        self,
        key: VerifyingKey,
        clock: Clock,
        headers: Mapping[str, str],
        body: bytes,
        *,
        method: str = "POST",
        path: str = "",
    ) -> None:
        """Check a delivery. Raises SignatureInvalid when a header is missing, too old, or not of this key."""
        given = {name.lower(): value for name, value in headers.items()}
        signature = given.get(self.header.lower())
        if signature is None:
            raise SignatureInvalid(f"the delivery has no {self.header}")
        timestamp = ""
        if self.timestamp_header is not None:
            timestamp = given.get(self.timestamp_header.lower(), "")
            if not timestamp.isdecimal() or len(timestamp) > 15:
                raise SignatureInvalid(
                    f"the delivery has no {self.timestamp_header} in Unix seconds"
                )
            if abs(clock.time() - int(timestamp)) > self.tolerance:
                raise SignatureInvalid(
                    f"the delivery was signed more than {self.tolerance} seconds from now"
                )
        written = self.formats.get(key.algorithm)
        found = _read(written, signature) if written is not None else None
        if found is None or not key.verifies(self._content(timestamp, method, path, body), found):
            raise SignatureInvalid(f"the {self.header} of the delivery is not made with this key")

    def _content(self, timestamp: str, method: str, path: str, body: bytes) -> bytes:
        before, marker, after = self.content.partition("{body}")
        values = {"{timestamp}": timestamp, "{method}": method, "{path}": path}
        filled = [_fill(part, values).encode() for part in (before, after)]
        return filled[0] + (body if marker else b"") + filled[1]


def _fill(template: str, values: Mapping[str, str]) -> str:
    for placeholder, value in values.items():
        template = template.replace(placeholder, value)
    return template


def _written(template: str, signature: bytes) -> str:
    encoded = base64.b64encode(signature).decode("ascii")
    return template.replace("{hex}", signature.hex()).replace("{base64}", encoded)


def _read(template: str, written: str) -> bytes | None:
    """The signature in a header, None where the header has another form."""
    for marker in ("{hex}", "{base64}"):
        before, found, after = template.partition(marker)
        if found and written.startswith(before) and written.endswith(after):
            inside = written[len(before) : len(written) - len(after)]
            try:
                return (
                    bytes.fromhex(inside)
                    if marker == "{hex}"
                    else base64.b64decode(inside, validate=True)
                )
            except (ValueError, binascii.Error):
                return None
    return None
