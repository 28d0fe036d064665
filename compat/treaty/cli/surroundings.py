"""What a command works in: the policy file above the working directory, and the repository around it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from treaty.errors import UsageError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from treaty.documents.repository import Repository
    from treaty.govern.policy import Policy
    from treaty.govern.states import Against


def here() -> Path:
    """The working directory. Raises UsageError when it was removed."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise UsageError("the working directory does not exist any more", advice="cd to one that does") from None


def today() -> datetime.date:
    """The day that sunsets, notices and waivers are judged on: today, or what `TREATY_TODAY` says.

    A pipeline that is run again later gives the same answer with the variable set. Raises UsageError when it is no day.
    """
    import datetime

    written = os.environ.get("TREATY_TODAY")
    if not written:
        return datetime.date.today()
    try:
        return datetime.date.fromisoformat(written)
    except ValueError:
        raise UsageError(f"TREATY_TODAY is {written!r}, which is no day", advice="write YYYY-MM-DD") from None


def policy_around(config: Path | None) -> Policy:
    """The policy named by `--config`, else the nearest `treaty.yaml` upwards."""
    from treaty.govern.policy import FILE_NAME, find_policy, load_policy

    path = config or find_policy(here())
    if path is None:
        raise UsageError(f"there is no {FILE_NAME} here or in a folder above", advice="treaty init writes one")
    return load_policy(path)


def policy_if_any() -> Policy | None:
    """The nearest `treaty.yaml` upwards, None where there is none."""
    from treaty.govern.policy import find_policy, load_policy

    path = find_policy(here())
    return load_policy(path) if path is not None else None


def release_tags(policy: Policy, contracts: Sequence[str]) -> str:
    """The pattern of release tags. Raises UsageError where every contract has its own and not one of them is meant."""
    tags = policy.versioning.tags
    if "{contract}" not in tags:
        return tags
    if len(contracts) != 1:
        raise UsageError(
            f"every contract has its own release tags ({tags})",
            advice="name one contract, or the revision: --against REF",
        )
    return tags.replace("{contract}", contracts[0])


def compared_with(repository: Repository, against: str | None, tags: str = "v*", *, head: str | None = None) -> Against:
    """The commit that `--against` names: a revision, `release` (the newest of ``tags``), or (None) the merge-base.

    The merge-base is that of the commit ``head``, by default of what is checked out.
    """
    from treaty.govern.states import Against

    if against is None or against == "merge-base":
        base = repository.merge_base(head=head)
        return Against(base.commit, f"merge-base {base.commit[:7]} ({base.ref})")
    name = repository.last_release(tags) if against == "release" else against
    commit = repository.resolve(name)
    label = name if name == commit else f"{name} {commit[:7]}"
    return Against(commit, f"release {label}" if against == "release" else label)
