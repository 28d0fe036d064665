"""Documents over HTTP, for those who allow it."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import IO, TYPE_CHECKING, TypeAlias
from urllib.parse import unquote, urlsplit

from treaty.documents.limits import Limits, check_size
from treaty.errors import UnresolvedReference

if TYPE_CHECKING:
    from http.client import HTTPMessage
    from urllib.request import Request

__all__ = ["RemotePolicy", "fetch", "permits"]

RemotePolicy: TypeAlias = bool | Collection[str]
"""Whether documents may be fetched: never, from everywhere, or from below some URLs (``https://schemas.example.com/v1/``)."""

_CHUNK = 1 << 16


def permits(policy: RemotePolicy, url: str) -> bool:
    """Whether ``url`` may be fetched: http or https, and below one of the allowed URLs when there is a list of them."""
    try:
        asked = urlsplit(url)
    except ValueError:
        return False
    if asked.scheme not in ("http", "https") or not asked.hostname:
        return False
    if isinstance(policy, bool):
        return policy
    for allowed in map(urlsplit, policy):
        prefix = allowed.path.rstrip("/")
        if (
            (allowed.scheme, allowed.netloc) == (asked.scheme, asked.netloc)
            and (asked.path == prefix or asked.path.startswith(f"{prefix}/"))
            and ".." not in unquote(asked.path)
        ):
            return True
    return False


def fetch(url: str, policy: RemotePolicy, limits: Limits) -> bytes:
    """The body behind ``url``, redirects followed as far as ``policy`` goes.

    Raises UnresolvedReference, without location, when it cannot be had in ``limits.seconds``, and DocumentTooLarge.
    """
    import urllib.error
    import urllib.request
    from http.client import HTTPException

    class OnlyPermitted(urllib.request.HTTPRedirectHandler):
        def redirect_request(
            self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
        ) -> Request | None:
            if not permits(policy, newurl):
                raise UnresolvedReference(f"{url} redirects to {newurl}, which the policy does not allow")
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        OnlyPermitted(),
    ):
        opener.add_handler(handler)
    deadline = time.monotonic() + limits.seconds
    request = urllib.request.Request(url, headers={"Accept": "application/json, application/yaml, */*;q=0.1"})
    body = bytearray()
    try:
        with opener.open(request, timeout=limits.seconds) as response:
            while chunk := response.read1(_CHUNK):
                body += chunk
                check_size(len(body), url, limits)
                if time.monotonic() > deadline:
                    raise TimeoutError
    except TimeoutError:
        raise UnresolvedReference(f"{url} did not answer within {limits.seconds:g} seconds") from None
    except urllib.error.HTTPError as error:
        raise UnresolvedReference(f"{url} answered {error.code} {error.reason}") from None
    except (urllib.error.URLError, HTTPException, OSError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise UnresolvedReference(f"{url} cannot be fetched: {reason}") from None
    return bytes(body)
