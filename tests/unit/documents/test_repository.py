"""Revisions, merge bases, releases and blobs of real repositories in every state people leave them in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from treaty.documents.limits import Limits
from treaty.documents.repository import Repository
from treaty.documents.source import RevisionSource
from treaty.errors import DocumentNotFound, DocumentTooLarge, RevisionError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.documents.conftest import Scratch


def clone(scratch: Scratch, target: Path, *options: str) -> Path:
    scratch.git("clone", "--quiet", *options, scratch.root.as_uri(), str(target))
    return target


# Finding


def test_found_from_anywhere_inside(scratch: Scratch) -> None:
    scratch.commit(contracts__x_yaml="a: 1")
    for start in ("", "contracts", "contracts/x.yaml", "contracts/not/there.yaml"):
        repository = Repository.find(scratch.root / start)
        assert repository.root == scratch.root
        assert (repository.bare, repository.shallow) == (False, False)


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(RevisionError) as caught:
        Repository.find(tmp_path)
    assert caught.value.problem == f"{tmp_path} is in no git repository"
    assert "treaty diff OLD NEW" in (caught.value.advice or "")


def test_repository_of_somebody_else(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(RevisionError, match="belongs to another user") as caught:
        Repository.find(scratch.root)
    assert f"safe.directory {scratch.root}" in (caught.value.advice or "")


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "git.cmd", None)
    with pytest.raises(RevisionError, match="not installed") as caught:
        Repository.find(tmp_path)
    assert "treaty diff OLD NEW" in (caught.value.advice or "")


def test_bare_repository(scratch: Scratch, tmp_path: Path) -> None:
    head = scratch.commit(x_yaml="a: 1")
    bare = Repository.find(clone(scratch, tmp_path / "bare.git", "--bare"))
    assert bare.bare
    assert bare.resolve("main") == head
    assert list(bare.files(head)) == ["x.yaml"]
    with pytest.raises(RevisionError, match="bare repository"):
        bare.changed(head)
    with pytest.raises(RevisionError, match="bare repository"):
        bare.working_tree()


# Revisions


def test_head_of_a_branch_and_detached(scratch: Scratch) -> None:
    first = scratch.commit("one", x_yaml="a: 1")
    second = scratch.commit("two", x_yaml="a: 2")
    repository = Repository.find(scratch.root)
    assert (repository.head(), repository.branch()) == (second, "main")
    scratch.git("checkout", "--quiet", first)
    assert (repository.head(), repository.branch()) == (first, None)
    assert repository.merge_base() == (first, "main")


def test_unborn_branch(scratch: Scratch) -> None:
    scratch.write("x.yaml", "a: 1")
    repository = Repository.find(scratch.root)
    assert (repository.head(), repository.branch()) == (None, "main")
    base = repository.merge_base()
    assert base.ref == "no commit yet"
    assert repository.files(base.commit) == {}
    with pytest.raises(DocumentNotFound):
        RevisionSource(repository, base.commit).read("x.yaml")
    assert repository.changed(base.commit) == [("added", None, "x.yaml")]
    assert repository.changed(base.commit, "index") == []
    scratch.git("add", "--all")
    assert repository.changed(base.commit, "index") == [("added", None, "x.yaml")]
    assert repository.releases() == []
    with pytest.raises(RevisionError, match="the branch main has no commit yet"):
        repository.resolve("HEAD")
    with pytest.raises(RevisionError, match="unknown revision other"):
        repository.resolve("other")


def test_resolve(scratch: Scratch) -> None:
    first = scratch.commit("one", x_yaml="a: 1")
    scratch.git("tag", "--annotate", "v1.0.0", "--message", "one")
    second = scratch.commit("two", x_yaml="a: 2")
    scratch.git("branch", "näme/with.dots")
    repository = Repository.find(scratch.root)
    known = {"v1.0.0": first, "HEAD": second, "@": second, "HEAD~1": first, "main^": first, "näme/with.dots": second}
    for revision, commit in {**known, first[:9]: first, first: first}.items():
        assert repository.resolve(revision) == commit


@pytest.mark.parametrize(
    ("revision", "problem", "advice"),
    [
        ("mian", "unknown revision mian", "did you mean main?"),
        ("v1.0.1", "unknown revision v1.0.1", "did you mean v1.0.0?"),
        ("mian~2", "unknown revision mian~2", "did you mean main?"),
        ("main~99", "unknown revision main~99", "main"),
        ("0123456789", "unknown revision", "there is main, v1.0.0"),
        ("--output=/tmp/x", "unknown revision --output=/tmp/x", ""),
        ("", "unknown revision ", ""),
        ("HEAD:x.yaml", "unknown revision HEAD:x.yaml", ""),
        ("a\nb", "unknown revision a\nb", ""),
    ],
)
def test_unknown_revision(scratch: Scratch, revision: str, problem: str, advice: str) -> None:
    scratch.commit("one", x_yaml="a: 1")
    scratch.git("tag", "v1.0.0")
    with pytest.raises(RevisionError) as caught:
        Repository.find(scratch.root).resolve(revision)
    assert problem in caught.value.problem
    assert advice in (caught.value.advice or "")


def test_unknown_remote_branch(scratch: Scratch, tmp_path: Path) -> None:
    scratch.commit("one", x_yaml="a: 1")
    with pytest.raises(RevisionError) as caught:
        Repository.find(clone(scratch, tmp_path / "clone")).resolve("origin/later")
    assert caught.value.advice == "git fetch origin later"


# Merge bases


@pytest.fixture
def branched(scratch: Scratch, tmp_path: Path) -> tuple[Scratch, str]:
    """A clone, on a branch with one commit more than its origin, which has moved on; and where the two parted."""
    base = scratch.commit("base", x_yaml="a: 1")
    copy = type(scratch)(clone(scratch, tmp_path / "clone"))
    scratch.commit("ahead", x_yaml="a: 2")
    copy.git("fetch", "--quiet")
    copy.git("checkout", "--quiet", "-b", "feature")
    copy.commit("mine", y_yaml="b: 1")
    return copy, base


def test_merge_base_with_the_default_branch_of_the_origin(branched: tuple[Scratch, str]) -> None:
    copy, base = branched
    repository = Repository.find(copy.root)
    assert repository.merge_base() == (base, "origin/main")
    assert repository.merge_base("HEAD") == (repository.head(), "HEAD")
    copy.git("remote", "set-head", "origin", "--delete")
    assert repository.merge_base() == (base, "origin/main")
    copy.git("update-ref", "-d", "refs/remotes/origin/main")
    assert repository.merge_base() == (base, "main")


@pytest.mark.parametrize(
    "variable",
    ["GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "BITBUCKET_PR_DESTINATION_BRANCH", "CHANGE_TARGET"],
)
def test_merge_base_in_ci(branched: tuple[Scratch, str], variable: str) -> None:
    copy, base = branched
    copy.git("branch", "release", "HEAD")
    repository = Repository.find(copy.root)
    assert repository.merge_base(environ={variable: "main"}) == (base, "origin/main")
    assert repository.merge_base(environ={variable: "refs/heads/release"}) == (repository.head(), "release")
    assert repository.merge_base(environ={variable: ""}) == (base, "origin/main")
    with pytest.raises(RevisionError, match=r"does not hold the target branch gone") as caught:
        repository.merge_base(environ={variable: "gone"})
    assert caught.value.advice == "git fetch origin gone:refs/remotes/origin/gone"


def test_merge_base_that_gitlab_names(branched: tuple[Scratch, str]) -> None:
    copy, base = branched
    repository = Repository.find(copy.root)
    name = "CI_MERGE_REQUEST_DIFF_BASE_SHA"
    assert repository.merge_base(environ={name: base}) == (base, name)
    with pytest.raises(RevisionError, match="does not hold CI_MERGE_REQUEST_DIFF_BASE_SHA") as caught:
        repository.merge_base(environ={name: "1" * 40})
    assert caught.value.advice == f"git fetch origin {'1' * 40}"


def test_merge_base_without_any_usual_name(scratch: Scratch, tmp_path: Path) -> None:
    head = scratch.commit("one", x_yaml="a: 1")
    scratch.git("branch", "--move", "trunk")
    repository = Repository.find(scratch.root)
    assert repository.merge_base() == (head, "HEAD")
    scratch.git("checkout", "--quiet", "--detach")
    with pytest.raises(RevisionError, match="no branch to compare with") as caught:
        repository.merge_base()
    assert "--against REF" in (caught.value.advice or "")
    scratch.git("checkout", "--quiet", "trunk")
    copy = type(scratch)(clone(scratch, tmp_path / "clone"))
    assert Repository.find(copy.root).merge_base() == (head, "origin/trunk")
    copy.git("remote", "set-head", "origin", "--delete")
    with pytest.raises(RevisionError, match="no branch to compare with"):
        Repository.find(copy.root).merge_base()


def test_merge_base_of_strangers(scratch: Scratch) -> None:
    scratch.commit("one", x_yaml="a: 1")
    scratch.git("checkout", "--quiet", "--orphan", "other")
    scratch.commit("another root", y_yaml="a: 1")
    with pytest.raises(RevisionError, match="HEAD and main have no commit in common"):
        Repository.find(scratch.root).merge_base()


def test_shallow_clone(scratch: Scratch, tmp_path: Path) -> None:
    base = scratch.commit("base", x_yaml="a: 1")
    scratch.git("checkout", "--quiet", "-b", "feature")
    for number in range(3):
        scratch.commit(f"feature {number}", y_yaml=f"b: {number}")
    scratch.git("checkout", "--quiet", "main")
    scratch.commit("ahead", x_yaml="a: 2")
    copy = type(scratch)(
        clone(scratch, tmp_path / "clone", "--depth", "1", "--branch", "feature", "--no-single-branch")
    )
    repository = Repository.find(copy.root)
    assert repository.shallow
    with pytest.raises(RevisionError, match="ends before its history meets origin/main") as caught:
        repository.merge_base("origin/main")
    assert (caught.value.advice or "").startswith("git fetch --unshallow")
    for revision in ("HEAD~2", base, base[:10]):
        with pytest.raises(RevisionError, match="this shallow clone does not hold") as caught:
            repository.resolve(revision)
        assert "git fetch --unshallow" in (caught.value.advice or "")
    with pytest.raises(RevisionError) as caught:
        repository.merge_base(environ={"GITHUB_BASE_REF": "release"})
    assert caught.value.advice == "git fetch --unshallow origin release:refs/remotes/origin/release"
    with pytest.raises(RevisionError) as caught:
        repository.last_release()
    assert caught.value.advice == "git fetch --tags --unshallow"
    copy.git("fetch", "--quiet", "--unshallow")
    assert Repository.find(copy.root).merge_base("origin/main") == (base, "origin/main")


# Releases


def test_releases_come_in_the_order_of_semver(scratch: Scratch) -> None:
    scratch.commit("one", x_yaml="a: 1")
    for tag in (
        "v1.9.0",
        "v1.10.0",
        "v2.0.0-rc.1",
        "v2.0.0-alpha.2",
        "v1.2",
        "vnext",
        "nightly",
        "api/v3.0.0",
        "v1.10.0+b.7",
    ):
        scratch.git("tag", tag)
    repository = Repository.find(scratch.root)
    scratch.git("checkout", "--quiet", "-b", "elsewhere")
    scratch.commit("not reachable", x_yaml="a: 2")
    scratch.git("tag", "v9.0.0")
    scratch.git("checkout", "--quiet", "main")
    names = [release.tag for release in repository.releases()]
    assert names == ["v1.2", "v1.9.0", "v1.10.0", "v1.10.0+b.7", "v2.0.0-alpha.2", "v2.0.0-rc.1"]
    assert repository.last_release() in ("v1.10.0", "v1.10.0+b.7")
    assert repository.last_release("v2*") == "v2.0.0-rc.1"
    assert repository.last_release("api/v*") == "api/v3.0.0"
    assert str(repository.releases("v1.2*")[0].version) == "1.2.0"
    with pytest.raises(RevisionError, match="no tag web/v\\* that names a version"):
        repository.last_release("web/v*")


# History and blobs


def test_history(scratch: Scratch) -> None:
    first = scratch.commit("one", x_yaml="a: 1")
    second = scratch.commit("two\n\nbody", y_yaml="a: 1")
    third = scratch.commit("three", x_yaml="a: 2")
    repository = Repository.find(scratch.root)
    assert [commit.id for commit in repository.commits()] == [third, second, first]
    assert [commit.summary for commit in repository.commits("x.yaml")] == ["three", "one"]
    newest = next(repository.commits(limit=1, revision="HEAD~1"))
    assert (newest.id, newest.author, newest.summary) == (second, "Ada", "two")
    assert newest.when.tzinfo is not None
    assert list(repository.commits("nothing.yaml")) == []
    assert list(repository.commits("*.yaml")) == []


def test_blobs(scratch: Scratch) -> None:
    texts = {f"f{number}.yaml": "é\n" * number for number in range(120)}
    for path, text in texts.items():
        scratch.write(path, text)
    commit = scratch.commit("many")
    repository = Repository.find(scratch.root)
    files = repository.files(commit)
    assert dict(zip(files, repository.blobs(files.values()), strict=True)) == {p: t.encode() for p, t in texts.items()}
    with pytest.raises(DocumentTooLarge, match="more than the 10 bytes") as caught:
        repository.blob(files["f100.yaml"], Limits(size=10), "main:f100.yaml")
    assert str(caught.value.location) == "main:f100.yaml"
    assert repository.blob(files["f2.yaml"], Limits(size=10)) == b"\xc3\xa9\n" * 2
    with pytest.raises(RevisionError, match="does not hold the object"):
        repository.blob("1" * 40)
    assert repository.blob(files["f1.yaml"]) == "é\n".encode()
    repository.close()
    assert repository.blob(files["f1.yaml"]) == "é\n".encode()
    repository.close()


def test_sha256_repository(tmp_path: Path, scratch: Scratch) -> None:
    (tmp_path / "wide").mkdir()
    wide = type(scratch)(tmp_path / "wide")
    wide.git("init", "--quiet", "--initial-branch", "main", "--object-format", "sha256")
    commit = wide.commit("one", x_yaml="a: 1")
    repository = Repository.find(wide.root)
    assert len(repository.resolve("HEAD")) == 64
    assert list(repository.blobs(repository.files(commit).values())) == [b"a: 1"]
    assert repository.merge_base() == (commit, "main")
