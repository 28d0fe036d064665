"""Folders of generated files: ours are replaced, others left alone; all of a run is written, or none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from treaty.errors import UsageError
from treaty_codegen.ownership import LOCK, MANIFEST, Folder, read_lock, with_manifest, write_all

if TYPE_CHECKING:
    from collections.abc import Mapping


def folder(out: Path, files: Mapping[str, str], names: Mapping[str, str] | None = None) -> Folder:
    return Folder(out, with_manifest(files, names or {}))


def write(*folders: Folder) -> None:
    write_all([(each, each.changes()) for each in folders])


def content(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): path.read_text("utf-8")
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name not in (MANIFEST, LOCK)
    }


def test_files_are_written_changed_and_removed(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    write(folder(out, {"a.py": "1", "b/c.py": "2", "b/d.py": "3"}))
    (out / "mine.txt").write_text("mine")
    (out / "b" / "mine.txt").write_text("mine")
    assert folder(out, {"a.py": "1", "b/c.py": "2", "b/d.py": "3"}).changes() == []
    write(folder(out, {"a.py": "1", "b/c.py": "changed", "e/f.py": "4"}))
    assert content(out) == {
        "a.py": "1",
        "b/c.py": "changed",
        "b/mine.txt": "mine",
        "e/f.py": "4",
        "mine.txt": "mine",
    }
    write(folder(out, {"a.py": "1"}))
    assert not (out / "e").exists()
    assert (out / "b" / "mine.txt").exists()


def test_a_file_that_is_not_ours_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("somebody wrote this")
    with pytest.raises(UsageError, match="in the way"):
        write(folder(tmp_path, {"README.md": "generated", "a.py": "1"}))
    assert content(tmp_path) == {"README.md": "somebody wrote this"}


def test_the_same_content_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    write(folder(tmp_path, {"a.py": "1"}))
    write(folder(tmp_path, {"a.py": "2"}))
    assert content(tmp_path) == {"a.py": "2"}


@pytest.mark.parametrize("failing", range(1, 9))
def test_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
    """Whichever rename fails, both folders are as they were."""
    one, two = tmp_path / "one", tmp_path / "two"
    write(folder(one, {"a.py": "old", "gone.py": "old"}), folder(two, {"b.py": "old"}))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    real, count = Path.rename, [0]

    def rename(self: Path, target: Path) -> Path:
        count[0] += 1
        if count[0] == failing:
            raise OSError(28, "No space left on device", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(UsageError, match=r"nothing was written.*No space left"):
        write(
            folder(one, {"a.py": "new", "sub/new.py": "new"}),
            folder(two, {"b.py": "new", "c.py": "new"}),
        )
    monkeypatch.undo()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert not (one / "sub").exists()


def test_a_full_disk_while_preparing_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_bytes(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    with pytest.raises(UsageError, match="nothing was written"):
        write(folder(tmp_path / "out", {"a.py": "1"}))
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    out = tmp_path / "out"
    out.mkdir()
    (out / "src").symlink_to(outside)
    with pytest.raises(UsageError, match="link"):
        write(folder(out, {"src/a.py": "1"}))
    assert list(outside.iterdir()) == []


BROKEN = ["{", "[]", '{"files": 3}', '{"files": {"../x": "1"}}', '{"files": {"/etc/passwd": "1"}}']


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_manifest_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(UsageError) as raised:
        folder(tmp_path, {"a.py": "1"}).changes()
    assert raised.value.advice


@pytest.mark.parametrize(
    "text", ["{", '{"names": 1}', '{"names": {"#/a": "not a name"}}', '{"names": {"#/a": "x; y"}}']
)
def test_a_broken_name_lock_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / LOCK).write_text(text)
    with pytest.raises(UsageError, match=LOCK):
        read_lock(tmp_path)


def test_the_lock_is_sorted_and_read_back(tmp_path: Path) -> None:
    names = {"#/b": "B", "#/a": "a.method"}
    write(folder(tmp_path, {}, names))
    assert read_lock(tmp_path) == names
    assert list(json.loads((tmp_path / LOCK).read_text())["names"]) == ["#/a", "#/b"]


def test_the_name_lock_may_be_all_that_is_kept(tmp_path: Path) -> None:
    files = with_manifest({"a.py": "A = 1\n"}, {"#/a": "A"})
    (tmp_path / LOCK).write_bytes(files[LOCK])
    grown = with_manifest({"a.py": "A = 1\n"}, {"#/a": "A", "#/b": "B"})
    write_all([(Folder(tmp_path, grown), Folder(tmp_path, grown).changes())])
    assert read_lock(tmp_path) == {"#/a": "A", "#/b": "B"}
