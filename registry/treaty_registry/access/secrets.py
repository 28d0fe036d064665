"""Passwords and tokens: how they are made, what is kept of them, and how one is checked."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

TOKEN_PREFIX = "trt_"
"""Tokens say what they are, so that scanners for leaked secrets find them."""

_SHA256 = "sha256:"


def new_token() -> str:
    """A token of 256 random bits."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What a server keeps of a token: its SHA-256, which is enough where nobody can guess."""
    return _SHA256 + hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """What a server keeps of a password: an argon2id hash (RFC 9106) in the PHC string format."""
    return _hasher().hash(password)


def matches(secret: str, kept: str) -> bool:
    """Whether ``kept`` was made of ``secret``; takes some 50 ms for an argon2 hash, whatever the secret."""
    if kept.startswith(_SHA256):
        return hmac.compare_digest(hash_token(secret), kept)
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        return _hasher().verify(kept, secret)
    except (Argon2Error, InvalidHashError):
        return False


def is_hash(kept: str) -> bool:
    """Whether ``kept`` is a hash :func:`matches` knows."""
    if kept.startswith(_SHA256):
        digits = kept.removeprefix(_SHA256)
        return len(digits) == 64 and all(c in "0123456789abcdef" for c in digits)
    return kept.startswith("$argon2")


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()
