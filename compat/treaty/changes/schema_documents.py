"""Schemas that are contracts by themselves, in files: Avro and Protobuf, with what they refer to beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from treaty.changes.catalogue import rules
from treaty.changes.levels import level_of
from treaty.documents.node import Node
from treaty.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from treaty.changes.change import Change, Level
    from treaty.changes.comparison import Settings, Side

__all__ = ["compare_avro_documents", "compare_protobuf_documents", "under_policy"]


def compare_avro_documents(old: Side, new: Side, settings: Settings) -> tuple[Change, ...]:
    """Every change between two Avro documents, named types found in the files beside each.

    Raises InvalidContract and UnresolvedReference for a schema that cannot be read.
    """
    from treaty.changes.avro.comparison import compare_schemas
    from treaty.model.avro.files import AvroFiles

    before, after = (AvroFiles(side.library).read(Node(side.document, (), side.document.tree)) for side in (old, new))
    return tuple(under_policy(compare_schemas(before, after, roles=settings.roles), settings, settings.roles))


def compare_protobuf_documents(old: Side, new: Side, settings: Settings) -> tuple[Change, ...]:
    """Every change between two Protobuf files, imports found in the folders around each.

    Raises InvalidContract and UnresolvedReference for what protoc refuses, UsageError without the extra ``protobuf``.
    """
    from treaty.changes.protobuf import compare_schemas, question_of
    from treaty.model.protobuf.files import read_files

    before, after = (read_files(side.library, [side.document.path]) for side in (old, new))
    return compare_schemas(before, after, question_of(settings))


def under_policy(
    changes: Iterable[Change], settings: Settings, roles: Role, *, strict: bool = False
) -> Iterator[Change]:
    """``changes`` with the levels a policy gives them in ``roles``; those it switches off are left out."""
    for change in changes:
        if all(rule not in settings.levels for rule in _keys(change)):
            yield change
            continue
        levels = {
            role: _level(change, role, settings, strict=strict) for role in (Role.READS, Role.WRITES) if role in roles
        }
        asked = {role: level for role, level in levels.items() if level is not None}
        if not asked:
            continue
        worst = max(asked.values(), key=lambda level: level.severity)
        felt = Role.NONE
        for role, level in asked.items():
            felt |= role if level is worst else Role.NONE
        yield replace(change, level=worst, role=felt)


def _keys(change: Change) -> tuple[str, ...]:
    return (change.rule, f"{change.rule}@{Role.READS}", f"{change.rule}@{Role.WRITES}")


def _level(change: Change, role: Role, settings: Settings, *, strict: bool) -> Level | None:
    for key in (f"{change.rule}@{role}", change.rule):
        if key in settings.levels:
            return settings.levels[key]
    return level_of(rules()[change.rule], change.effect, role, strict=strict)
