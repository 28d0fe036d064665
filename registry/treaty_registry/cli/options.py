"""Options that several commands have."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import click

if TYPE_CHECKING:
    from treaty.govern.policy import Policy
    from treaty_registry.client.registry import Options

F = TypeVar("F", bound=Callable[..., object])

URL = "TREATY_REGISTRY_URL"
USER, PASSWORD, TOKEN = "TREATY_REGISTRY_USER", "TREATY_REGISTRY_PASSWORD", "TREATY_REGISTRY_TOKEN"


def store_option(command: F) -> F:
    """``--store``, with the default of the server."""
    return click.option(
        "--store",
        metavar="URL",
        help="sqlite:///FILE or postgresql://…  Default: $TREATY_REGISTRY_STORE, else treaty-registry.db here.",
    )(command)


def store_url(given: str | None) -> str:
    """The store meant by ``--store``, the environment or the default."""
    from treaty_registry.server.configuration import load_configuration

    return given or load_configuration(None).store


def registry_option(command: F) -> F:
    """``--registry``, the address of a running registry."""
    return click.option(
        "--registry", metavar="URL", help=f"Where it runs. Default: ${URL}, else `registry: {{url: …}}` in treaty.yaml."
    )(command)


def registry_url(given: str | None, policy: Policy | None) -> str:
    """The address meant by ``--registry``, the environment or the policy. Raises UsageError where none says it."""
    from treaty.errors import UsageError

    said = policy.registry.get("url") if policy is not None else None
    url = given or os.environ.get(URL) or (said if isinstance(said, str) else None)
    if not url:
        raise UsageError("no registry was named", advice=f"add --registry http://HOST:8081, or set {URL}")
    if "@" in urlsplit(url).netloc:
        raise UsageError(
            "the registry's address holds credentials, which would end up in reports and logs",
            advice=f"set {TOKEN}, or {USER} and {PASSWORD}",
        )
    return url


def client_options() -> Options:
    """Credentials from the environment, where no other user of the machine sees them.

    Raises UsageError for a user without a password.
    """
    from treaty.errors import UsageError
    from treaty_registry.client.registry import Options

    token, user, password = os.environ.get(TOKEN), os.environ.get(USER), os.environ.get(PASSWORD)
    if token:
        return Options(auth=token, timeout=30)
    if user and password is None:
        raise UsageError(f"the environment has {USER} but no {PASSWORD}")
    return Options(auth=(user, password or "") if user else None, timeout=30)
