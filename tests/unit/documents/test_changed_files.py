"""Which files changed: in the working tree, in the index, between revisions; moved files are found in all three."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from treaty.documents.repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.documents.conftest import Scratch

LONG = "".join(f"line{number}: {number}\n" for number in range(40))


def changes(scratch: Scratch, base: str, against: str = "worktree") -> list[tuple[str, str | None, str | None]]:
    return [(change.status, change.old, change.new) for change in Repository.find(scratch.root).changed(base, against)]


def test_working_tree_index_and_revision(scratch: Scratch) -> None:
    base = scratch.commit("base", a_yaml="a: 1", b_yaml="b: 1", c_yaml="c: 1", same_yaml="s: 1")
    scratch.write(".gitignore", "*.log\n")
    scratch.write("a.yaml", "a: 2")
    scratch.git("add", "--all")
    scratch.write("b.yaml", "b: 2")
    (scratch.root / "c.yaml").unlink()
    scratch.write("new/x y.yaml", "n: 1")
    scratch.write("ignored.log", "x")
    staged = [("added", None, ".gitignore"), ("modified", "a.yaml", "a.yaml")]
    assert changes(scratch, base, "index") == staged
    assert changes(scratch, base) == [
        *staged,
        ("modified", "b.yaml", "b.yaml"),
        ("removed", "c.yaml", None),
        ("added", None, "new/x y.yaml"),
    ]
    commit = scratch.commit("all of it")
    assert changes(scratch, base, commit) == [
        *staged,
        ("modified", "b.yaml", "b.yaml"),
        ("removed", "c.yaml", None),
        ("added", None, "new/x y.yaml"),
    ]
    assert changes(scratch, commit) == changes(scratch, commit, "index") == changes(scratch, commit, commit) == []


def test_moved_and_edited(scratch: Scratch) -> None:
    base = scratch.commit("base", v1__openapi_yaml=LONG)
    scratch.git("mv", "v1", "v2")
    scratch.write("v2/openapi.yaml", LONG.replace("line7: 7", "line7: seven"))
    renamed = [("renamed", "v1/openapi.yaml", "v2/openapi.yaml")]
    assert changes(scratch, base) == changes(scratch, base, "index") == renamed
    assert changes(scratch, base, scratch.commit("moved")) == renamed


def test_moved_without_telling_git(scratch: Scratch) -> None:
    base = scratch.commit("base", v1__openapi_yaml=LONG, other_yaml="o: 1")
    (scratch.root / "v1").rename(scratch.root / "v2")
    scratch.write("v2/openapi.yaml", LONG.replace("line7: 7", "line7: seven"))
    scratch.write("brand new.yaml", "n: 1")
    before = scratch.git("status", "--porcelain")
    objects = sorted(path for path in (scratch.root / ".git").rglob("*") if path.is_file())
    assert changes(scratch, base) == [
        ("added", None, "brand new.yaml"),
        ("renamed", "v1/openapi.yaml", "v2/openapi.yaml"),
    ]
    assert changes(scratch, base, "index") == []
    assert scratch.git("status", "--porcelain") == before
    assert sorted(path for path in (scratch.root / ".git").rglob("*") if path.is_file()) == objects


def test_removed_from_the_index_only(scratch: Scratch) -> None:
    base = scratch.commit("base", a_yaml="a: 1", b_yaml="b: 1")
    scratch.git("rm", "--quiet", "--cached", "a.yaml")
    assert changes(scratch, base, "index") == [("removed", "a.yaml", None)]
    assert changes(scratch, base) == []
    scratch.write("a.yaml", "a: 2")
    assert changes(scratch, base) == [("modified", "a.yaml", "a.yaml")]


def test_names_that_need_care(scratch: Scratch) -> None:
    base = scratch.commit("base")
    names = [
        "ä ö.yaml",
        'quote".yaml',
        "tab\t.yaml",
        "line\nbreak.yaml",
        ":colon.yaml",
        "[a].yaml",
        "-dash.yaml",
        "😀.yaml",
    ]
    for name in names:
        scratch.write(name, f"x: {name!r}")
    assert sorted(new or "" for _, _, new in changes(scratch, base)) == sorted(names)
    commit = scratch.commit("odd names")
    assert sorted(Repository.find(scratch.root).files(commit)) == sorted(names)
    for name in names:
        (scratch.root / name).unlink()
    assert [status for status, _, _ in changes(scratch, commit)] == ["removed"] * len(names)


@pytest.mark.skipif(os.name != "posix", reason="names that are not UTF-8 exist on POSIX only")
def test_name_that_is_not_utf8(scratch: Scratch) -> None:
    base = scratch.commit("base")
    scratch.write(os.fsdecode(b"caf\xe9.yaml"), "a: 1")
    (change,) = Repository.find(scratch.root).changed(base)
    assert change.new is not None
    assert os.fsencode(change.new) == b"caf\xe9.yaml"
    source = Repository.find(scratch.root).working_tree()
    assert source.read(change.new) == b"a: 1"
    assert source.display(change.new).encode() == "caf\ufffd.yaml".encode()


def test_submodules_are_no_files(scratch: Scratch, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    library = type(scratch)(tmp_path / "lib")
    library.git("init", "--quiet", "--initial-branch", "main")
    library.commit("one", x_yaml="a: 1")
    base = scratch.commit("base", a_yaml="a: 1")
    scratch.git("submodule", "--quiet", "add", library.root.as_uri(), "shared")
    commit = scratch.commit("with a submodule")
    assert changes(scratch, base, commit) == [("added", None, ".gitmodules")]
    assert list(Repository.find(scratch.root).files(commit)) == [".gitmodules", "a.yaml"]
    (scratch.root / "shared" / "x.yaml").write_text("a: 2")
    (scratch.root / "shared" / "new.yaml").write_text("a: 2")
    assert changes(scratch, commit) == []


def test_repository_inside(scratch: Scratch) -> None:
    base = scratch.commit("base", a_yaml="a: 1")
    inner = type(scratch)(scratch.root / "inner")
    inner.root.mkdir()
    inner.git("init", "--quiet")
    inner.commit("one", x_yaml="a: 1")
    assert changes(scratch, base) == []


def test_conflict(scratch: Scratch) -> None:
    base = scratch.commit("base", a_yaml="a: 1")
    scratch.git("checkout", "--quiet", "-b", "other")
    scratch.commit("other", a_yaml="a: 2")
    scratch.git("checkout", "--quiet", "main")
    scratch.commit("main", a_yaml="a: 3")
    with pytest.raises(AssertionError):
        scratch.git("merge", "--quiet", "other")
    assert changes(scratch, base) == [("modified", "a.yaml", "a.yaml")]
    repository = Repository.find(scratch.root)
    assert repository.conflicts() == {"a.yaml"}
    assert "a.yaml" not in repository.staged()


def test_settings_of_the_user_change_nothing(scratch: Scratch) -> None:
    base = scratch.commit("base", v1__openapi_yaml=LONG, a_yaml="a: 1")
    for name, value in {
        "diff.noprefix": "true", "diff.renames": "false", "diff.external": "false", "status.relativePaths": "true",
        "diff.relative": "true", "core.quotePath": "true", "color.ui": "always", "diff.mnemonicPrefix": "true",
        "status.showUntrackedFiles": "no",
    }.items():  # fmt: skip
        scratch.git("config", name, value)
    scratch.git("mv", "v1", "v2")
    scratch.write("é.yaml", "n: 1")
    assert changes(scratch, base) == [
        ("renamed", "v1/openapi.yaml", "v2/openapi.yaml"),
        ("added", None, "é.yaml"),
    ]


def test_files_git_would_commit(scratch: Scratch) -> None:
    scratch.write(".gitignore", "*.log\n")
    scratch.commit("base", a_yaml="a: 1", gone_yaml="b: 1", kept_log="k")
    scratch.git("add", "--force", "kept.log")
    (scratch.root / "gone.yaml").unlink()
    scratch.write("ä/new.yaml", "n: 1")
    scratch.write("other.log", "o")
    assert Repository.find(scratch.root / "ä").listed() == [".gitignore", "a.yaml", "kept.log", "ä/new.yaml"]


def test_folder_of_hooks(scratch: Scratch) -> None:
    assert Repository.find(scratch.root).hooks == scratch.root / ".git" / "hooks"
    scratch.git("config", "core.hooksPath", "tools/hooks")
    assert Repository.find(scratch.root).hooks == scratch.root / "tools" / "hooks"
