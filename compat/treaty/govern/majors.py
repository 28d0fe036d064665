"""Majors beside each other: each in its own folder, under its own path prefix, package or namespace."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from treaty.documents.formats import Family
from treaty.govern.pairing import VERSION_FOLDER, major_folder
from treaty.govern.rules import problem
from treaty.govern.versions import parse_version
from treaty.model.lifecycle import lifecycle_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.documents.document import Document
    from treaty.documents.location import Location, Pointer
    from treaty.govern.outcome import Problem

_SEGMENT = re.compile(r"(?:^|/)v(\d+)(?=/|$)")
_PACKAGE = re.compile(rb"^[ \t]*package[ \t]+([A-Za-z0-9_.]+)[ \t]*;", re.MULTILINE)
_LAST_VERSION = re.compile(r"(?:^|\.)v(\d+)(?:(?:alpha|beta)\d*)?$")


def outside_folder(path: str, version: str | None, location: Location | None = None) -> Problem | None:
    """A document under ``/vN/`` has the major version N: another major lives in a folder of its own."""
    major, parsed = major_folder(path), parse_version(version)
    if major is None or parsed is None or parsed.major in (major, 0):
        return None
    beside = VERSION_FOLDER.sub(f"/v{parsed.major}", "/" + path, count=1)[1:]
    return problem(
        "major-outside-its-folder",
        f"version {version} stands in the folder v{major}",
        location,
        f"put the new major beside it, into {beside}, and leave this one",
    )


def prefix_problems(document: Document, major: int) -> Iterator[Problem]:
    """What in a document of the folder ``vN`` names another major than N."""
    family = document.format.family
    if family is Family.OPENAPI:
        yield from _told_once(document, [*_paths(document, major), *_servers(document, major)], major)
    elif family is Family.AVRO:
        namespace = document.tree.get("namespace") if isinstance(document.tree, dict) else None
        if isinstance(namespace, str):
            yield from _named("namespace", namespace, major, document.locate(("namespace",)))
    elif family is Family.PROTOBUF:
        found = _PACKAGE.search(document.text)
        if found is not None:
            yield from _named("package", found[1].decode("ascii"), major, document.locate(()))


def _paths(document: Document, major: int) -> Iterator[tuple[str, Pointer]]:
    tree = document.tree
    paths = tree.get("paths") if isinstance(tree, dict) else None
    for path in paths if isinstance(paths, dict) else ():
        found = _SEGMENT.match(path)
        if found is not None and int(found[1]) != major:
            yield f"the path {path}", ("paths", path)


def _servers(document: Document, major: int) -> Iterator[tuple[str, Pointer]]:
    tree = document.tree
    servers = tree.get("servers") if isinstance(tree, dict) else None
    for index, server in enumerate(servers if isinstance(servers, list) else ()):
        url = server.get("url") if isinstance(server, dict) else None
        found = _SEGMENT.search(url) if isinstance(url, str) else None
        if found is not None and int(found[1]) != major:
            yield f"the server {url}", ("servers", index, "url")


def _told_once(document: Document, found: list[tuple[str, Pointer]], major: int) -> Iterator[Problem]:
    if found:
        what, pointer = found[0]
        more = f", and {len(found) - 1} more," if len(found) > 1 else ""
        yield problem(
            "path-outside-its-major",
            f"{what}{more} stands in the folder v{major}",
            document.locate(pointer),
            f"begin versioned paths with /v{major}",
        )


def _named(what: str, name: str, major: int, location: Location) -> Iterator[Problem]:
    found = _LAST_VERSION.search(name)
    if found is not None and int(found[1]) != major:
        yield problem(
            "path-outside-its-major",
            f"the {what} {name} stands in the folder v{major}",
            location,
            f"call it {name[: found.start(1)]}{major}",
        )


def not_deprecated(successor: str, older: Document) -> Problem | None:
    """The warning that the old major beside a new one says nothing about it; None where it does, or cannot."""
    tree = older.tree
    info = tree.get("info") if isinstance(tree, dict) else None
    if not isinstance(info, dict) or lifecycle_of(info).deprecated:
        return None
    return problem(
        "predecessor-not-deprecated",
        f"{successor} is the next major, and {older.path} is not marked deprecated",
        older.locate(("info",)),
        "add info.x-lifecycle to it: state, deprecated_since, removed_in, sunset, replaced_by",
    )
