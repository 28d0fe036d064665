"""Bearer tokens of an OpenID provider: signed JWTs (RFC 7519, RFC 9068), checked against its keys."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from treaty.errors import ServiceError, UsageError
from treaty_registry.errors import RegistryError

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

log = logging.getLogger("treaty.registry.access")

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures with a public key only: a shared secret would let whoever can check a token make one."""

REFRESH_SECONDS = 3600.0
RETRY_SECONDS = 10.0
LEEWAY_SECONDS = 60
MAX_JWKS_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Provider:
    """``jwks`` is a file or an https URL; ``groups_claim`` names the claim that lists what grants are made to."""

    issuer: str
    audience: str
    jwks: str
    name_claim: str = "sub"
    groups_claim: str = "groups"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a token speaks for, in which groups, and until when (seconds since 1970)."""

    name: str
    groups: tuple[str, ...]
    expires: float


class TokenChecker:
    """Checks tokens of one provider; its keys are fetched at first, hourly, and when a token names a new one."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._keys: KeySet | None = None
        self._key_ids: frozenset[str] = frozenset()
        self._fetched = 0.0
        self._fetching = asyncio.Lock()

    async def check(self, token: str) -> Identity:
        """Whom ``token`` speaks for. Raises RegistryError 401 for any the provider did not sign, or not for us."""
        from joserfc import jwt
        from joserfc.errors import JoseError

        try:
            keys = await self._keys_for(token)
            decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
            registry = jwt.JWTClaimsRegistry(
                leeway=LEEWAY_SECONDS,
                iss={"essential": True, "value": self._provider.issuer},
                aud={"essential": True, "value": self._provider.audience},
                exp={"essential": True},
            )
            registry.validate(decoded.claims)
        except (JoseError, ValueError) as error:
            # The reason is for the log; a client that guesses learns nothing.
            log.info("bearer token refused", extra={"reason": type(error).__name__})
            raise RegistryError(401, "The bearer token is not valid") from error
        claims = decoded.claims
        groups = claims.get(self._provider.groups_claim, ())
        if isinstance(groups, str):
            groups = groups.split()
        name = claims.get(self._provider.name_claim) or claims.get("sub")
        if not isinstance(name, str) or not name:
            raise RegistryError(401, f"The bearer token has no claim {self._provider.name_claim!r}")
        return Identity(name, tuple(str(group) for group in groups), float(claims["exp"]))

    async def _keys_for(self, token: str) -> KeySet:
        now = time.monotonic()
        stale = now - self._fetched > REFRESH_SECONDS
        unknown = _key_id(token) not in self._key_ids and now - self._fetched > RETRY_SECONDS
        if self._keys is None or stale or unknown:
            async with self._fetching:
                if self._fetched <= now:
                    await self._fetch()
        if self._keys is None:
            raise RegistryError(503, "The keys of the identity provider cannot be had", retry_after=RETRY_SECONDS)
        return self._keys

    async def _fetch(self) -> None:
        from joserfc.jwk import KeySet

        self._fetched = time.monotonic()
        try:
            document = await asyncio.get_running_loop().run_in_executor(None, read_jwks, self._provider.jwks)
            self._keys = KeySet.import_key_set(orjson.loads(document))
            self._key_ids = frozenset(key.kid for key in self._keys.keys if key.kid)
        except (ServiceError, ValueError) as error:
            # Old keys are better than none.
            log.warning("could not read the keys of the identity provider", extra={"reason": str(error)})


def read_jwks(source: str) -> bytes:
    """The JSON Web Key Set (RFC 7517) at ``source``, a file or https URL. Raises ServiceError where it cannot."""
    if not source.startswith("https://"):
        try:
            return Path(source).read_bytes()
        except OSError as error:
            raise ServiceError(f"cannot read the key set {source}: {error.strerror}") from error
    import httpx2

    try:
        with httpx2.Client(timeout=5) as client, client.stream("GET", source) as answer:
            answer.raise_for_status()
            document = b""
            for part in answer.iter_bytes():
                document += part
                if len(document) > MAX_JWKS_BYTES:
                    raise ServiceError(f"the key set at {source} is larger than {MAX_JWKS_BYTES} bytes")
            return document
    except httpx2.HTTPError as error:
        raise ServiceError(f"cannot fetch the key set at {source}: {error}") from error


def check_provider(provider: Provider) -> Provider:
    """``provider`` itself; raises UsageError for a key set that would travel unprotected."""
    if provider.jwks.startswith("http://"):
        raise UsageError(f"the key set {provider.jwks} would be fetched without TLS", advice="use https:// or a file")
    return provider


def _key_id(token: str) -> str:
    from joserfc.errors import JoseError
    from joserfc.jws import extract_compact

    try:
        return str(extract_compact(token.encode()).headers().get("kid", ""))
    except (JoseError, ValueError):
        return ""
