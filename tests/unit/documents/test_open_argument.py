"""What people type: paths, revisions, the index, folders, pipes and standard input."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from treaty.documents.limits import Limits
from treaty.documents.open import open_argument
from treaty.documents.source import FileSource, IndexSource, RevisionSource, TextSource
from treaty.errors import DocumentError, DocumentNotFound, DocumentTooLarge, RevisionError, TreatyError, UsageError

if TYPE_CHECKING:
    from tests.unit.documents.conftest import Scratch

    from treaty.documents.location import JsonValue


def read(argument: str) -> JsonValue:
    opened = open_argument(argument)
    return opened.library.open(opened.path).tree


@pytest.fixture
def repository(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> Scratch:
    """Two commits of a contract, a staged and a working version, and the working directory at the root."""
    scratch.commit("one", api__openapi_yaml="openapi: 3.1.0\nv: 1", api__money_yaml="v: 1", notes_txt="x")
    scratch.git("tag", "v1.0.0")
    scratch.commit("two", api__openapi_yaml="openapi: 3.1.0\nv: 2")
    scratch.write("api/openapi.yaml", "openapi: 3.1.0\nv: 3")
    scratch.git("add", "--all")
    scratch.write("api/openapi.yaml", "openapi: 3.1.0\nv: 4")
    monkeypatch.chdir(scratch.root)
    return scratch


OPENED = [
    # working directory, argument, name, path, version
    ("", "api/openapi.yaml", "api/openapi.yaml", "api/openapi.yaml", 4),
    ("", "./api/../api/openapi.yaml", "api/openapi.yaml", "api/openapi.yaml", 4),
    ("api", "openapi.yaml", "openapi.yaml", "api/openapi.yaml", 4),
    ("api", "../api/openapi.yaml", "openapi.yaml", "api/openapi.yaml", 4),
    ("", "api", "api/openapi.yaml", "api/openapi.yaml", 4),
    ("api", ".", "openapi.yaml", "api/openapi.yaml", 4),
    ("", "HEAD:api/openapi.yaml", "HEAD:api/openapi.yaml", "api/openapi.yaml", 2),
    ("", "v1.0.0:api/openapi.yaml", "v1.0.0:api/openapi.yaml", "api/openapi.yaml", 1),
    ("", "HEAD~1:api/openapi.yaml", "HEAD~1:api/openapi.yaml", "api/openapi.yaml", 1),
    ("", "main:api/../api/openapi.yaml", "main:api/openapi.yaml", "api/openapi.yaml", 2),
    ("api", "main:api/openapi.yaml", "main:api/openapi.yaml", "api/openapi.yaml", 2),
    ("api", "main:./openapi.yaml", "main:api/openapi.yaml", "api/openapi.yaml", 2),
    ("", "main:api", "main:api/openapi.yaml", "api/openapi.yaml", 2),
    ("", "main:api/", "main:api/openapi.yaml", "api/openapi.yaml", 2),
    ("api", "main:./", "main:api/openapi.yaml", "api/openapi.yaml", 2),
    ("", ":api/openapi.yaml", "(staged) api/openapi.yaml", "api/openapi.yaml", 3),
]


@pytest.mark.parametrize(("folder", "argument", "name", "path", "version"), OPENED)
def test_opened(
    repository: Scratch, monkeypatch: pytest.MonkeyPatch, folder: str, argument: str, name: str, path: str, version: int
) -> None:
    monkeypatch.chdir(repository.root / folder)
    opened = open_argument(argument)
    document = opened.library.open(opened.path)
    assert (document.name, opened.path) == (name, path)
    assert document.tree == {"openapi": "3.1.0", "v": version}


def test_absolute_path(repository: Scratch) -> None:
    full = str(repository.root / "api" / "openapi.yaml")
    opened = open_argument(full)
    assert (opened.path, opened.library.open(opened.path).name) == ("api/openapi.yaml", full)


def test_kinds_of_sources(repository: Scratch) -> None:
    kinds = {"api/openapi.yaml": FileSource, "HEAD:api/openapi.yaml": RevisionSource, ":api/openapi.yaml": IndexSource}
    for argument, kind in kinds.items():
        assert type(open_argument(argument).library.source) is kind
    assert type(open_argument("-", stdin=io.BytesIO(b"a: 1")).library.source) is TextSource


REFUSED: list[tuple[str, type[TreatyError], str, str]] = [
    ("", UsageError, "an empty path", "-"),
    ("https://example.com/x.yaml", UsageError, "is a URL", "curl"),
    ("mian:api/openapi.yaml", RevisionError, "unknown revision mian", "did you mean main?"),
    ("main:../x.yaml", UsageError, "outside of the repository", ""),
    (".", UsageError, ". is a folder without a contract", "name the file itself"),
    ("HEAD:.", UsageError, "HEAD:. is a folder without a contract", ""),
]


@pytest.mark.parametrize(("argument", "kind", "problem", "advice"), REFUSED)
def test_refused(repository: Scratch, argument: str, kind: type[TreatyError], problem: str, advice: str) -> None:
    with pytest.raises(kind) as caught:
        open_argument(argument)
    assert problem in caught.value.problem
    assert advice in (caught.value.advice or "")


MISSING = [
    # working directory, argument, place, advice
    ("", "api/opnapi.yaml", "api/opnapi.yaml", "did you mean openapi.yaml?"),
    ("", "C:\\contracts\\x.yaml", "C:\\contracts\\x.yaml", ""),
    ("", "C:/contracts/x.yaml", "C:/contracts/x.yaml", ""),
    ("", "./main:api/openapi.yaml", "main:api/openapi.yaml", ""),
    ("", "main:api/opnapi.yaml", "main:api/opnapi.yaml", "did you mean api/openapi.yaml?"),
    ("api", "main:openapi.yaml", "main:openapi.yaml", "did you mean main:./openapi.yaml?"),
    ("", "api/openapi.yaml/x", "api/openapi.yaml/x", ""),
]


@pytest.mark.parametrize(("folder", "argument", "place", "advice"), MISSING)
def test_missing(
    repository: Scratch, monkeypatch: pytest.MonkeyPatch, folder: str, argument: str, place: str, advice: str
) -> None:
    monkeypatch.chdir(repository.root / folder)
    with pytest.raises(DocumentNotFound) as caught:
        read(argument)
    assert str(caught.value.location) == place
    assert advice in (caught.value.advice or "")


def test_file_with_a_colon(repository: Scratch) -> None:
    repository.write("main:x.yaml", "a: 1")
    repository.write("odd:x.yaml", "a: 2")
    for argument, number in {"main:x.yaml": 1, "./odd:x.yaml": 2, "odd:x.yaml": 2}.items():
        assert read(argument) == {"a": number}


def test_outside_of_any_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "shared.yaml").write_text("s: 1")
    (tmp_path / "a" / "x.yaml").write_text("r: {$ref: ../shared.yaml}")
    monkeypatch.chdir(tmp_path)
    opened = open_argument("a/x.yaml")
    assert opened.library.follow(opened.library.root(opened.path).child("r")).value == {"s": 1}
    monkeypatch.chdir(tmp_path / "a")
    opened = open_argument("x.yaml")
    with pytest.raises(TreatyError, match="leads out of the root"):
        opened.library.follow(opened.library.root(opened.path).child("r"))
    with pytest.raises(RevisionError, match="is in no git repository") as caught:
        open_argument("main:x.yaml")
    assert caught.value.advice == "write ./main:x.yaml for a file of that name"


def test_outside_of_the_repository_one_is_in(repository: Scratch) -> None:
    other = repository.root.parent / "other"
    other.mkdir()
    (other / "x.yaml").write_text("a: 1")
    opened = open_argument("../other/x.yaml")
    document = opened.library.open(opened.path)
    assert (document.tree, document.name) == ({"a": 1}, str(Path("..", "other", "x.yaml")))


def test_link_that_is_named_is_meant(repository: Scratch) -> None:
    target = repository.root.parent / "target.yaml"
    target.write_text("a: 1")
    (repository.root / "link.yaml").symlink_to(target)
    assert read("link.yaml") == {"a": 1}


def test_folder_with_several_contracts(repository: Scratch) -> None:
    repository.write("api/asyncapi.yaml", "asyncapi: 3.0.0")
    with pytest.raises(UsageError) as caught:
        open_argument("api")
    assert caught.value.problem == "api is a folder of 2 contracts"
    assert caught.value.advice == "name one of them: asyncapi.yaml, openapi.yaml"


def test_folder_with_a_contract_and_its_parts(repository: Scratch) -> None:
    repository.write("api/money.schema.json", "{}")
    assert open_argument("api").path == "api/openapi.yaml"
    repository.write("parts/money.schema.json", "{}")
    assert open_argument("parts").path == "parts/money.schema.json"


def test_standard_input() -> None:
    opened = open_argument("-", stdin=io.BytesIO(b"a: {$ref: x.yaml}"))
    document = opened.library.open(opened.path)
    assert (document.name, document.tree) == ("-", {"a": {"$ref": "x.yaml"}})
    with pytest.raises(TreatyError, match=r"there is no x\.yaml"):
        opened.library.follow(opened.library.root("-").child("a"))
    with pytest.raises(DocumentTooLarge) as caught:
        open_argument("-", stdin=io.BytesIO(b"a" * 11), limits=Limits(size=10))
    assert str(caught.value.location) == "standard input"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipe_of_a_shell(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text("a: 1"))
    writer.start()
    opened = open_argument(str(pipe))
    writer.join()
    document = opened.library.open(opened.path)
    assert (document.tree, document.name) == ({"a": 1}, str(pipe))


def test_too_large_is_refused_unread(repository: Scratch) -> None:
    with (repository.root / "big.yaml").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(DocumentTooLarge, match="200 MB, more than the 64 MB") as caught:
        read("big.yaml")
    assert str(caught.value.location) == "big.yaml"


def test_names_no_file_system_takes() -> None:
    for argument in ("x" * 5000, "a\0b", "x" * 5000 + "/y"):
        with pytest.raises(DocumentError):
            read(argument)


def test_working_directory_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(UsageError, match="does not exist any more"):
        open_argument("x.yaml")
    monkeypatch.undo()
