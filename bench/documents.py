"""Reading, finding and scanning: whole processes, beside ``python -c pass`` and named peers.

``python -m bench.documents`` fetches two releases of a real 11 and 13 MB OpenAPI document from the npm registry, makes
a 4 MB YAML file and a repository of 2,900 contracts of them (all kept in ``bench/.cache``), and prints CPU seconds,
wall seconds and peak memory of each process, the median of five; ``inside`` is the CPU time of the step itself.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from bench.documents_inputs import JSON, MINIFIED, REPOSITORY, YAML
from bench.processes import measure, median

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from treaty.documents.location import JsonValue, Pointer

# What is measured: each runs in a process of its own.


def nothing() -> None:
    """The process, the imports of this file."""


def json_pair() -> float:
    from treaty.documents.document import read_document

    began = time.process_time()
    kept = [read_document(file.read_bytes(), file.name, file.name) for file in JSON]
    assert len(kept) == len(JSON)
    return time.process_time() - began


def json_pair_by_orjson() -> float:
    import orjson

    began = time.process_time()
    kept = [orjson.loads(file.read_bytes()) for file in JSON]
    assert len(kept) == len(JSON)
    return time.process_time() - began


def json_pair_by_the_standard_library() -> float:
    import json

    began = time.process_time()
    kept = [json.loads(file.read_bytes()) for file in JSON]
    assert len(kept) == len(JSON)
    return time.process_time() - began


def yaml_file() -> float:
    from treaty.documents.document import read_document

    began = time.process_time()
    assert read_document(YAML.read_bytes(), YAML.name, YAML.name).tree
    return time.process_time() - began


def yaml_file_by_pyyaml() -> float:
    import yaml

    began = time.process_time()
    assert yaml.load(YAML.read_bytes(), Loader=yaml.CSafeLoader)
    return time.process_time() - began


def lookups_in_json() -> float:
    return _lookups(JSON[-1])


def lookups_in_minified_json() -> float:
    return _lookups(MINIFIED)


def lookups_in_yaml() -> float:
    return _lookups(YAML)


def scan_of_a_repository() -> None:
    from treaty.documents.repository import Repository

    repository = Repository.find(REPOSITORY)
    assert repository.changed(repository.merge_base().commit) == []


def scan_of_the_index() -> None:
    from treaty.documents.repository import Repository
    from treaty.documents.source import IndexSource, RevisionSource

    repository = Repository.find(REPOSITORY)
    changed = repository.changed("HEAD~1", "index")
    assert [change.new for change in changed] == ["contracts/c0007/openapi.json"]
    for source in (IndexSource(repository), RevisionSource(repository, "HEAD~1")):
        assert source.read("contracts/c0007/openapi.json")


def blobs() -> float:
    """Two hundred blobs of a revision."""
    from treaty.documents.repository import Repository

    repository = Repository.find(REPOSITORY)
    wanted = list(repository.files("HEAD").values())[:200]
    began = time.perf_counter()
    assert sum(map(len, repository.blobs(wanted))) > 0
    return time.perf_counter() - began


CASES: dict[str, tuple[str, Callable[[], float | None]]] = {
    "imports of the bench": ("", nothing),
    "JSON 11 + 13 MB, read_document": ("", json_pair),
    "JSON 11 + 13 MB, orjson.loads": ("checks nothing", json_pair_by_orjson),
    "JSON 11 + 13 MB, json.loads": ("checks nothing", json_pair_by_the_standard_library),
    "YAML 4 MB, read_document": ("", yaml_file),
    "YAML 4 MB, yaml.CSafeLoader": ("YAML 1.1", yaml_file_by_pyyaml),
    "1,000 positions in 13 MB JSON": ("", lookups_in_json),
    "1,000 positions in it minified": ("", lookups_in_minified_json),
    "1,000 positions in 4 MB YAML": ("", lookups_in_yaml),
    "2,900 files, nothing changed": ("merge base, tree, index, untracked", scan_of_a_repository),
    "2,900 files, one staged": ("index against HEAD, both blobs", scan_of_the_index),
    "200 blobs": ("", blobs),
}


def _lookups(file: Path) -> float:
    """Seconds for the places of a thousand members anywhere in ``file``, the first look-up included."""
    import random

    from treaty.documents.document import read_document

    document = read_document(file.read_bytes(), file.name, file.name)
    wanted = random.Random(7).sample(list(_pointers(document.tree)), 1000)
    began = time.process_time()
    for pointer in wanted:
        assert document.locate(pointer).line
    return time.process_time() - began


def _pointers(tree: JsonValue, at: Pointer = ()) -> Iterator[Pointer]:
    yield at
    for token, child in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from _pointers(child, (*at, token))


def main() -> None:
    """Print the table, or run the one case that is named."""
    if len(sys.argv) > 1:
        inside = CASES[sys.argv[1]][1]()
        print("" if inside is None else inside)
        return
    measure("-m", "bench.documents_inputs")  # in a process of its own, so that this one stays small
    floor = median("-c", "pass")
    print(f"{'':34}{'CPU s':>8}{'wall s':>8}{'floors':>8}{'MiB':>6}{'inside':>9}")
    print(f"{'python -c pass':34}{floor.cpu:8.3f}{floor.wall:8.3f}{1:8.1f}{floor.memory:6.0f}")
    for name, (note, _) in CASES.items():
        cost = median("-m", "bench.documents", name)
        step = "" if cost.inside is None else f"{cost.inside:.3f}"
        print(
            f"{name:34}{cost.cpu:8.3f}{cost.wall:8.3f}{cost.cpu / floor.cpu:8.1f}{cost.memory:6.0f}{step:>9}  {note}",
            flush=True,
        )


if __name__ == "__main__":
    main()
