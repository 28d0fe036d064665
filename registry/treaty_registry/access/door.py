"""The door of a configured server: anonymous, basic, token, bearer and certificate, each with its grants."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from treaty_registry.access.rates import RateLimit
from treaty_registry.access.roles import Grant, Principal
from treaty_registry.access.secrets import TOKEN_PREFIX, hash_token, matches
from treaty_registry.errors import RegistryError
from treaty_registry.memory import Generations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Scope

    from treaty_registry.access.oidc import Provider, TokenChecker

log = logging.getLogger("treaty.registry.access")

REMEMBER_SECONDS = 300.0
"""How long a password that was right is taken for right without computing argon2 again."""

FAILURES_PER_MINUTE = 20
"""Wrong passwords one address may try; each costs the server 50 ms of a processor."""

CERTIFICATE = "treaty.certificate"
"""The key of the ASGI scope under which the protocol leaves the subject of a client's certificate."""


class Account(NamedTuple):
    """Somebody with a password or a token; ``kept`` is its hash."""

    name: str
    kept: str


@dataclass(frozen=True, slots=True)
class Access:
    """Who may do what. ``grants`` are by principal: a user, ``token:name``, ``cert:common name``, ``group:name`` or
    ``*``.
    """

    users: tuple[Account, ...] = ()
    tokens: tuple[Account, ...] = ()
    provider: Provider | None = None
    grants: Mapping[str, tuple[Grant, ...]] = field(default_factory=dict)
    anonymous: tuple[Grant, ...] = ()
    rate: tuple[float, float] | None = None


class Door:
    """See :class:`treaty_registry.server.front.Doorkeeper`."""

    open = False

    def __init__(self, access: Access) -> None:
        self._users = {user.name: user.kept for user in access.users}
        self._tokens = {token.kept: token.name for token in access.tokens}
        self._grants = access.grants
        self._anonymous = Principal("anonymous", access.anonymous)
        self._rate = RateLimit(*access.rate) if access.rate is not None else None
        self._failures = RateLimit(FAILURES_PER_MINUTE / 60, FAILURES_PER_MINUTE)
        self._known: Generations[bytes, tuple[Principal, float]] = Generations(5000)
        self._checker: TokenChecker | None = None
        if access.provider is not None:
            from treaty_registry.access.oidc import TokenChecker

            self._checker = TokenChecker(access.provider)
        # argon2 releases the interpreter lock; two at a time leave the event loop its processor.
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="passwords")
        # Computed for unknown users too, so that names cannot be told apart by time.
        self._decoy = next(iter(self._users.values()), "")

    async def admit(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Principal:
        """Who sent a request. Raises RegistryError 401 for wrong credentials and 429 for too many requests."""
        address = scope["client"][0] if scope.get("client") else "unknown"
        principal = await self._principal(scope, headers.get(b"authorization"), address)
        if self._rate is not None:
            client = address if principal is self._anonymous else principal.name
            _admit(self._rate.take(client))
        return principal

    async def _principal(self, scope: Scope, authorization: bytes | None, address: str) -> Principal:
        if authorization is None:
            certificate = scope.get(CERTIFICATE)
            if certificate is not None:
                return self._granted(f"cert:{certificate}")
            if not self._anonymous.grants:
                raise RegistryError(401, "Who are you? This registry wants credentials")
            return self._anonymous
        # What is remembered is a digest: a memory dump should not be a list of passwords.
        digest = hashlib.sha256(authorization).digest()
        known = self._known.get(digest)
        if known is not None and known[1] > time.monotonic():
            return known[0]
        _admit(self._failures.wait(address))
        scheme, _, credentials = authorization.decode("latin-1").partition(" ")
        try:
            if scheme.lower() == "basic":
                principal, seconds = await self._by_password(credentials.strip()), REMEMBER_SECONDS
            elif scheme.lower() == "bearer":
                principal, seconds = await self._by_bearer(credentials.strip())
            else:
                raise RegistryError(401, f"The authentication scheme {scheme[:20]!r} is not known")
        except RegistryError as error:
            if error.code == 401:
                self._failures.take(address)
                log.warning("credentials refused", extra={"scheme": scheme[:20], "client": address})
            raise
        self._known.put(digest, (principal, time.monotonic() + seconds))
        return principal

    async def _by_password(self, credentials: str) -> Principal:
        try:
            name, colon, password = base64.b64decode(credentials, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            raise RegistryError(401, "The basic credentials are not base64 of name:password") from None
        if not colon:
            raise RegistryError(401, "The basic credentials are not base64 of name:password")
        if password.startswith(TOKEN_PREFIX) and (by_token := self._by_token(password)) is not None:
            # Clients that know basic credentials only send a token as the password.
            return by_token
        kept = self._users.get(name)
        loop = asyncio.get_running_loop()
        right = await loop.run_in_executor(self._threads, matches, password, kept or self._decoy)
        if kept is None or not right:
            raise RegistryError(401, "The name or the password is wrong")
        return self._granted(name)

    async def _by_bearer(self, credentials: str) -> tuple[Principal, float]:
        by_token = self._by_token(credentials)
        if by_token is not None:
            return by_token, REMEMBER_SECONDS
        if self._checker is None or credentials.startswith(TOKEN_PREFIX):
            raise RegistryError(401, "The token is not known")
        identity = await self._checker.check(credentials)
        principal = self._granted(identity.name, *(f"group:{group}" for group in identity.groups))
        return principal, min(REMEMBER_SECONDS, identity.expires - time.time())

    def _by_token(self, token: str) -> Principal | None:
        kept = hash_token(token)
        for known, name in self._tokens.items():
            if hmac.compare_digest(known, kept):
                return self._granted(f"token:{name}")
        return None

    def _granted(self, name: str, *also: str) -> Principal:
        grants = tuple(grant for holder in (name, *also, "*") for grant in self._grants.get(holder, ()))
        return Principal(name, grants)


def _admit(seconds: float) -> None:
    if seconds > 0:
        raise RegistryError(429, "Too many requests", retry_after=seconds)
