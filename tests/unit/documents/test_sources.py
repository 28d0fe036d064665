"""Files come from the working tree, the index, a revision or memory, each under the name the user knows."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from treaty.documents.library import Library
from treaty.documents.limits import Limits
from treaty.documents.repository import Repository
from treaty.documents.source import FileSource, IndexSource, RevisionSource, Source, TextSource
from treaty.errors import DocumentError, DocumentNotFound, DocumentTooLarge, RevisionError

if TYPE_CHECKING:
    from tests.unit.documents.conftest import Scratch

Make = Callable[["Scratch"], Source]


def from_disk(scratch: Scratch) -> Source:
    return FileSource(scratch.root, limits=Limits(size=1000))


def from_revision(scratch: Scratch) -> Source:
    scratch.commit("everything")
    return RevisionSource(Repository.find(scratch.root), "main", limits=Limits(size=1000))


def from_index(scratch: Scratch) -> Source:
    scratch.git("add", "--all")
    return IndexSource(Repository.find(scratch.root), limits=Limits(size=1000))


GIT = [(from_revision, "main:"), (from_index, "(staged) ")]
ALL = [(from_disk, ""), *GIT]


@pytest.mark.parametrize(("make", "prefix"), ALL)
def test_read(scratch: Scratch, make: Make, prefix: str) -> None:
    scratch.write("contracts/ä.yaml", "a: é")
    source = make(scratch)
    assert source.read("contracts/ä.yaml") == "a: é".encode()
    assert source.display("contracts/ä.yaml") == f"{prefix}contracts/ä.yaml"
    assert list(source.names("contracts")) == ["ä.yaml"]
    assert list(source.names("nowhere")) == []


BAD = [
    ("contracts/ordr.yaml", DocumentNotFound, "there is no such file", "did you mean"),
    ("contracts", DocumentError, "this is a directory", "name the contract's file in it"),
    ("contracts/order.yaml/x", DocumentNotFound, "there is no such file", None),
    ("", DocumentError, "", None),
    ("a\0b", DocumentNotFound, "there is no such file", None),
    ("x" * 300, DocumentError, "", None),
    ("big.yaml", DocumentTooLarge, "more than the 1,000 bytes", None),
    ("out.yaml", DocumentError, "out of the r", None),
    ("out/x.yaml", DocumentError, "out of the r", None),
    ("circle.yaml", DocumentError, "", None),
    ("dangling.yaml", DocumentNotFound, "there is no such file", None),
]


@pytest.mark.parametrize(("path", "kind", "problem", "advice"), BAD)
@pytest.mark.parametrize(("make", "prefix"), ALL)
def test_refused(
    scratch: Scratch, make: Make, prefix: str, path: str, kind: type[DocumentError], problem: str, advice: str | None
) -> None:
    scratch.write("contracts/order.yaml", "a: 1")
    scratch.write("big.yaml", "a" * 1001)
    outside = scratch.root.parent / "outside"
    outside.mkdir()
    (outside / "x.yaml").write_text("secret: 1")
    (scratch.root / "out.yaml").symlink_to("../outside/x.yaml")
    (scratch.root / "out").symlink_to(outside)
    (scratch.root / "circle.yaml").symlink_to("circle.yaml")
    (scratch.root / "dangling.yaml").symlink_to("nowhere.yaml")
    source = make(scratch)
    with pytest.raises(DocumentError) as caught:
        source.read(path)
    assert isinstance(caught.value, kind)
    assert problem in caught.value.problem
    assert advice is None or advice in (caught.value.advice or "")
    assert caught.value.location is not None
    assert caught.value.location.file == source.display(path)


@pytest.mark.parametrize(("make", "prefix"), ALL)
def test_symbolic_links_inside_are_followed(scratch: Scratch, make: Make, prefix: str) -> None:
    scratch.write("v1/order.yaml", "a: 1")
    (scratch.root / "latest").symlink_to("v1")
    (scratch.root / "deep").mkdir()
    (scratch.root / "deep" / "order.yaml").symlink_to("../latest/order.yaml")
    source = make(scratch)
    for path in ("latest/order.yaml", "deep/order.yaml", "v1/order.yaml"):
        assert source.read(path) == b"a: 1"
        if prefix:
            assert source.identity(path) == source.identity("v1/order.yaml") is not None


def test_links_of_a_commit(scratch: Scratch) -> None:
    scratch.write("v1/order.yaml", "a: 1")
    (scratch.root / "link.yaml").symlink_to("v1/order.yaml")
    (scratch.root / "out.yaml").symlink_to("/etc/passwd")
    (scratch.root / "circle.yaml").symlink_to("circle.yaml")
    files = Repository.find(scratch.root).files(scratch.commit("links"))
    assert sorted(files) == ["link.yaml", "v1/order.yaml"]
    assert len(set(files.values())) == 1


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs permissions that bind")
def test_unreadable(scratch: Scratch) -> None:
    scratch.write("x.yaml", "a: 1").chmod(0)
    with pytest.raises(DocumentError, match="cannot be read: Permission denied"):
        FileSource(scratch.root).read("x.yaml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipe_without_a_writer_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.yaml")
    with pytest.raises(DocumentError, match="no regular file"):
        FileSource(tmp_path).read("x.yaml")


def test_names_of_working_files(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(scratch.write("contracts/x.yaml", "a: 1").parent)
    path = "contracts/x.yaml"
    assert FileSource(scratch.root).display(path) == path
    assert FileSource(scratch.root, shown="from here").display(path) == "x.yaml"
    assert FileSource(scratch.root, shown="from here").display("other/y.yaml") == str(Path("..", "other", "y.yaml"))
    assert FileSource(scratch.root, shown="in full").display(path) == str(scratch.root / path)


def test_same_path_three_contents(scratch: Scratch) -> None:
    scratch.commit("one", x_yaml="a: committed")
    scratch.write("x.yaml", "a: staged")
    scratch.git("add", "x.yaml")
    scratch.write("x.yaml", "a: working")
    repository = Repository.find(scratch.root)
    sources: list[Source] = [RevisionSource(repository, "HEAD"), IndexSource(repository), repository.working_tree()]
    assert [source.read("x.yaml") for source in sources] == [b"a: committed", b"a: staged", b"a: working"]
    assert len({source.identity("x.yaml") for source in sources}) == 3
    assert sources[2].identity("x.yaml") is None


def test_identity_of_unmodified_files(scratch: Scratch) -> None:
    scratch.commit("one", x_yaml="a: 1", y_yaml="b: 1", z_yaml="c: 1")
    scratch.write("y.yaml", "b: 2")
    scratch.write("new.yaml", "a: 1")
    (scratch.root / "z.yaml").touch()
    repository = Repository.find(scratch.root)
    working, head = repository.working_tree(), RevisionSource(repository, "HEAD")
    for path in ("x.yaml", "z.yaml"):
        assert working.identity(path) == head.identity(path) is not None
    for path in ("y.yaml", "new.yaml", "nothing.yaml"):
        assert working.identity(path) is None
    assert FileSource(scratch.root).identity("x.yaml") is None


def test_references_stay_in_the_revision(scratch: Scratch) -> None:
    first = scratch.commit(
        "one", api__openapi_yaml="a: {$ref: ../shared/money.yaml#/M}", shared__money_yaml="M: {type: integer}"
    )
    scratch.commit("two", shared__money_yaml="M: {type: string}")
    repository = Repository.find(scratch.root)
    library = Library(RevisionSource(repository, first))
    found = library.follow(library.root("api/openapi.yaml").child("a"))
    assert found.value == {"type": "integer"}
    assert str(found.location) == f"{first}:shared/money.yaml:1:1"
    staged = Library(IndexSource(repository))
    assert staged.follow(staged.root("api/openapi.yaml").child("a")).value == {"type": "string"}


@pytest.mark.parametrize(("make", "prefix"), GIT)
def test_submodule(scratch: Scratch, make: Make, prefix: str, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    library = type(scratch)(tmp_path / "lib")
    library.git("init", "--quiet", "--initial-branch", "main")
    library.commit("one", x_yaml="a: 1")
    scratch.git("submodule", "--quiet", "add", library.root.as_uri(), "libs/shared")
    source = make(scratch)
    for path in ("libs/shared/x.yaml", "libs/shared"):
        with pytest.raises(DocumentError, match="libs/shared is a submodule") as caught:
            source.read(path)
        assert caught.value.advice == "compare inside the submodule: cd libs/shared"


@pytest.mark.parametrize(("make", "prefix"), GIT)
def test_pointer_of_git_lfs(scratch: Scratch, make: Make, prefix: str) -> None:
    scratch.write("big.yaml", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n")
    with pytest.raises(DocumentError, match="kept by Git LFS"):
        make(scratch).read("big.yaml")


def test_conflict_in_the_index(scratch: Scratch) -> None:
    scratch.commit("base", a_yaml="a: 1")
    scratch.git("checkout", "--quiet", "-b", "other")
    scratch.commit("other", a_yaml="a: 2")
    scratch.git("checkout", "--quiet", "main")
    scratch.commit("main", a_yaml="a: 3")
    subprocess.run(["git", "merge", "--quiet", "other"], cwd=scratch.root, capture_output=True, check=False)
    source = IndexSource(Repository.find(scratch.root))
    with pytest.raises(DocumentError, match="merge conflict") as caught:
        source.read("a.yaml")
    assert caught.value.advice == "resolve it, then: git add a.yaml"


def test_index_that_a_hook_is_given(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """``git commit FILE`` shows the hook another index than the one in .git."""
    scratch.commit("one", x_yaml="a: 1", y_yaml="b: 1")
    for name in ("x.yaml", "y.yaml"):
        scratch.write(name, "c: 2")
    index = scratch.root / ".git" / "next-index"
    index.write_bytes((scratch.root / ".git" / "index").read_bytes())
    monkeypatch.setenv("GIT_INDEX_FILE", str(index))
    scratch.git("add", "x.yaml")
    repository = Repository.find(scratch.root)
    assert [change.new for change in repository.changed("HEAD", "index")] == ["x.yaml"]
    assert IndexSource(repository).read("x.yaml") == b"c: 2"
    assert IndexSource(repository).read("y.yaml") == b"b: 1"


def test_memory() -> None:
    source = TextSource({"-": b"a: 1", "dir/x": b""})
    assert (source.read("-"), source.display("-"), source.identity("-")) == (b"a: 1", "-", None)
    assert list(source.names("dir")) == ["x"]
    with pytest.raises(DocumentNotFound):
        source.read("x")


def test_revision_must_exist(scratch: Scratch) -> None:
    scratch.commit("one")
    with pytest.raises(RevisionError, match="unknown revision mian"):
        RevisionSource(Repository.find(scratch.root), "mian")
