"""What the commands about lifecycles and history have in common: policy, repository, files, and the day."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from treaty.cli.surroundings import policy_around, today

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from treaty.govern.lifecycle.listing import Catalogued
    from treaty.govern.policy import Policy


@contextmanager
def catalogued(config: Path | None) -> Iterator[Catalogued]:
    """The documents of the policy in the working tree."""
    from treaty.documents.library import Library
    from treaty.documents.repository import Repository
    from treaty.govern.gate import prefix_of
    from treaty.govern.lifecycle.listing import Catalogued

    policy = policy_around(config)
    repository = Repository.find(policy.root)
    try:
        hosts = tuple(f"https://{host}/" for host in policy.remote_hosts)
        library = Library(repository.working_tree(), remote=hosts or False)
        paths = sorted(repository.listed())
        yield Catalogued(policy, repository, library, paths, prefix_of(policy, repository), today())
    finally:
        repository.close()


def known_contracts(policy: Policy, names: Sequence[str]) -> None:
    """Raises UsageError for a name that is no contract."""
    from treaty.documents.nearby import did_you_mean
    from treaty.errors import UsageError

    for name in names:
        if name not in policy.contracts:
            raise UsageError(f"no contract is called {name!r}", advice=did_you_mean(name, policy.contracts))
