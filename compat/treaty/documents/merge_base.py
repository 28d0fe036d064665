"""The revision a branch is compared with when nobody names one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from treaty.errors import RevisionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from treaty.documents.git_commands import GitCommands

__all__ = ["MergeBase", "Target", "default_target", "merge_base"]

_CI_COMMITS = ("CI_MERGE_REQUEST_DIFF_BASE_SHA",)
"""Variables that hold the merge base itself: GitLab, whose runners do not fetch the target branch."""
_CI_BRANCHES = (
    "GITHUB_BASE_REF",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
    "BITBUCKET_PR_DESTINATION_BRANCH",
    "SYSTEM_PULLREQUEST_TARGETBRANCH",
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
    "CHANGE_TARGET",
)
"""Variables that name the target branch of a pull request: GitHub, GitLab, Bitbucket, Azure, Buildkite, Jenkins."""
_DEFAULTS = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


class MergeBase(NamedTuple):
    """The commit to compare with, in full, and the ref it was found from.

    On a branch without any commit both stand for nothing: the empty tree, under the name ``no commit yet``.
    """

    commit: str
    ref: str


class Target(NamedTuple):
    """A ref, by the name the user knows, and its commit."""

    ref: str
    commit: str


def merge_base(git: GitCommands, head: str, target: Target, *, shallow: bool) -> MergeBase:
    """The best common ancestor of ``head`` and ``target``. Raises RevisionError where this clone holds none."""
    answer = git.ask("merge-base", head, target.commit)
    if not answer.failed:
        return MergeBase(answer.text.splitlines()[0], target.ref)
    if shallow:
        raise RevisionError(
            f"this shallow clone ends before its history meets {target.ref}",
            advice="git fetch --unshallow (or, when the branch is young: git fetch --deepen=50)",
        )
    raise RevisionError(
        f"HEAD and {target.ref} have no commit in common", advice="name the revision to compare with: --against REF"
    )


def default_target(git: GitCommands, environ: Mapping[str, str], *, shallow: bool) -> Target | None:
    """What this branch will be merged into, as far as the surroundings tell; None where nothing does.

    The variables of a CI service come first, then origin/HEAD, origin/main, origin/master, main, master. Raises
    RevisionError when a variable names what this clone does not hold.
    """
    deepen = " --unshallow" if shallow else ""
    for name in _CI_COMMITS:
        commit = environ.get(name)
        if commit:
            found = git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}")
            if found.failed:
                raise RevisionError(
                    f"this clone does not hold {name}, {commit}", advice=f"git fetch{deepen} origin {commit}"
                )
            return Target(name, found.text)
    for name in _CI_BRANCHES:
        branch = environ.get(name, "").removeprefix("refs/heads/")
        if branch:
            target = _first_existing(git, (f"origin/{branch}", branch))
            if target is None:
                raise RevisionError(
                    f"this clone does not hold the target branch {branch} ({name})",
                    advice=f"git fetch{deepen} origin {branch}:refs/remotes/origin/{branch}",
                )
            return target
    return _first_existing(git, _DEFAULTS)


def _first_existing(git: GitCommands, names: Sequence[str]) -> Target | None:
    """The first of some branches that exists; a symbolic one goes by the name of what it stands for."""
    full = [f"refs/remotes/{name}" if name.startswith("origin/") else f"refs/heads/{name}" for name in names]
    listed = git.run("for-each-ref", "--format=%(refname) %(objectname) %(symref)", *full).decode("utf-8", "replace")
    existing = {line.split(" ")[0]: line.split(" ") for line in listed.splitlines()}
    for ref in full:
        if ref in existing:
            _, commit, stands_for = existing[ref]
            return Target((stands_for or ref).removeprefix("refs/heads/").removeprefix("refs/remotes/"), commit)
    return None
