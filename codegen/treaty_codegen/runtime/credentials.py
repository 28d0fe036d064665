"""Credentials, one class per kind of security scheme. Where they go in a request is the contract's to say."""

from __future__ import annotations

import base64
import ssl
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

import httpx2

from .errors import AnswerInvalid
from .signing import Ed25519Key, HmacKey, SignatureScheme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .retries import Clock

__all__ = [
    "ApiKey",
    "BasicCredentials",
    "BearerToken",
    "ClientCertificate",
    "ClientCredentials",
    "Credential",
    "Scheme",
    "apply",
]

_EARLY = 30.0
"""Seconds before its end that a token is replaced, so that it does not end on the way."""


@dataclass(frozen=True)
class ApiKey:
    """A key that is sent as it is."""

    value: str = field(repr=False)


@dataclass(frozen=True)
class BearerToken:
    """A token that somebody else keeps fresh."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class BasicCredentials:
    """User and password (RFC 7617)."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class ClientCertificate:
    """A client certificate for mutual TLS: paths of PEM files; ``ca`` replaces the trusted authorities."""

    certificate: str
    key: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: str | None = None

    def context(self) -> ssl.SSLContext:
        """The TLS settings of the client."""
        context = ssl.create_default_context(cafile=self.ca)
        context.load_cert_chain(self.certificate, self.key, self.password)
        return context


@dataclass
class ClientCredentials:
    """OAuth 2 client credentials (RFC 6749, section 4.4); the token is fetched, kept and replaced by the client.

    ``token_url`` is the contract's unless it is given; without ``scopes`` the authorisation server decides.
    """

    client_id: str
    client_secret: str = field(repr=False)
    token_url: str | None = None
    scopes: Sequence[str] = ()
    _token: str | None = field(default=None, init=False, repr=False)
    _expires: float = field(default=0.0, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def token(self, clock: Clock) -> str | None:
        """The token while it is good, else None."""
        with self._lock:
            return (
                self._token
                if self._token is not None and clock.monotonic() < self._expires
                else None
            )

    def request(self, token_url: str) -> httpx2.Request:
        """The request for a new token."""
        form = {"grant_type": "client_credentials"}
        if self.scopes:
            form["scope"] = " ".join(self.scopes)
        basic = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode("ascii")
        headers = {"Authorization": f"Basic {basic}", "Accept": "application/json"}
        return httpx2.Request("POST", self.token_url or token_url, data=form, headers=headers)

    def received(self, response: httpx2.Response, clock: Clock) -> str:
        """Keep the token of a successful answer. Raises AnswerInvalid when there is none in it."""
        try:
            answer = response.json()
        except ValueError:
            answer = None
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str):
            raise AnswerInvalid(
                "the authorisation server answered without an access_token", response
            )
        life = answer.get("expires_in")
        seconds = float(life) if isinstance(life, int | float) and life > 0 else 300.0
        with self._lock:
            self._token = token
            self._expires = clock.monotonic() + max(seconds - _EARLY, seconds / 2)
        return token

    def forget(self, token: str) -> None:
        """Do not use ``token`` again: the server refused it."""
        with self._lock:
            if self._token == token:
                self._token = None


Credential: TypeAlias = (
    ApiKey
    | BasicCredentials
    | BearerToken
    | ClientCertificate
    | ClientCredentials
    | Ed25519Key
    | HmacKey
)


@dataclass(frozen=True)
class Scheme:
    """One security scheme of the contract: where its credential goes."""

    kind: Literal["apiKey", "basic", "bearer", "oauth2", "mutualTLS", "signature"]
    location: Literal["header", "query", "cookie"] = "header"
    name: str = "Authorization"
    token_url: str = ""
    signature: SignatureScheme | None = None


def apply(
    scheme: Scheme, credential: Credential, request: httpx2.Request, clock: Clock, token: str | None
) -> None:
    """Put ``credential`` into ``request``. ``token`` is the OAuth 2 token, fetched before."""
    if isinstance(credential, HmacKey | Ed25519Key):
        if scheme.signature is not None:
            path = request.url.raw_path.decode("ascii")
            signed = scheme.signature.headers(
                credential, clock, request.method, path, request.content
            )
            request.headers.update(signed)
    elif isinstance(credential, BasicCredentials):
        pair = f"{credential.username}:{credential.password}".encode()
        request.headers["Authorization"] = f"Basic {base64.b64encode(pair).decode('ascii')}"
    elif isinstance(credential, BearerToken):
        request.headers["Authorization"] = f"Bearer {credential.token}"
    elif isinstance(credential, ClientCredentials):
        if token is not None:
            request.headers["Authorization"] = f"Bearer {token}"
    elif isinstance(credential, ApiKey):
        if scheme.location == "header":
            request.headers[scheme.name] = credential.value
        elif scheme.location == "query":
            request.url = request.url.copy_merge_params({scheme.name: credential.value})
        else:
            cookies = request.headers.get("Cookie")
            written = f"{scheme.name}={credential.value}"
            request.headers["Cookie"] = f"{cookies}; {written}" if cookies else written
