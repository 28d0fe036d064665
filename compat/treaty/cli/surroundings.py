"""What a command works in: the policy file above the working directory, and the repository around it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from treaty.errors import UsageError

if TYPE_CHECKING:
    from treaty.documents.repository import Repository
    from treaty.govern.gate import Against
    from treaty.govern.policy import Policy


def here() -> Path:
    """The working directory. Raises UsageError when it was removed."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise UsageError("the working directory does not exist any more", advice="cd to one that does") from None


def policy_around(config: Path | None) -> Policy:
    """The policy named by `--config`, else the nearest `treaty.yaml` upwards."""
    from treaty.govern.policy import FILE_NAME, find_policy, load_policy

    path = config or find_policy(here())
    if path is None:
        raise UsageError(f"there is no {FILE_NAME} here or in a folder above", advice="treaty init writes one")
    return load_policy(path)


def compared_with(repository: Repository, against: str | None) -> Against:
    """The commit that `--against` names: a revision, `release`, or (None) the merge-base."""
    from treaty.govern.gate import Against

    if against is None or against == "merge-base":
        base = repository.merge_base()
        return Against(base.commit, f"merge-base {base.commit[:7]} ({base.ref})")
    name = repository.last_release() if against == "release" else against
    commit = repository.resolve(name)
    label = name if name == commit else f"{name} {commit[:7]}"
    return Against(commit, f"release {label}" if against == "release" else label)
