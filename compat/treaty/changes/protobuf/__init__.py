"""What changed between two versions of a Protobuf contract: one schema with its references, or a set of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.protobuf.surfaces import Surface, surfaces_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.changes.change import Change
    from treaty.changes.comparison import Settings
    from treaty.changes.protobuf.comparison import Question
    from treaty.documents.schema_text import SchemaText
    from treaty.model.protobuf.nodes import Schema
    from treaty.model.roles import Role

__all__ = ["Surface", "compare", "compare_files", "compare_schemas", "question_of"]


def compare(
    old: SchemaText, new: SchemaText, *, roles: Role, strict: bool, surfaces: Surface = Surface.REGISTRY
) -> tuple[Change, ...]:
    """Every change between two versions of one schema, most severe first.

    The question is a registry's: can records written under one version be read under the other, in ``roles`` READS
    (BACKWARD), WRITES (FORWARD) or BOTH (FULL)? ``surfaces`` may ask about more than records. ``strict`` is the content
    model of JSON: whether its readers refuse members they do not know; bytes have none. Raises what
    :func:`treaty.model.protobuf.parse` raises.
    """
    from treaty.changes.protobuf.comparison import Question
    from treaty.model.protobuf import parse

    return compare_schemas(parse(old), parse(new), Question(surfaces=surfaces, roles=roles, strict=strict))


def compare_files(
    old: Mapping[str, str],
    new: Mapping[str, str],
    *,
    references: Mapping[str, str] | None = None,
    folders: tuple[str, str] = ("", ""),
    question: Question | None = None,
) -> tuple[Change, ...]:
    """Every change between two sets of files (import path to text), most severe first.

    ``references`` are texts that files of both sets may import and that are not compared themselves. ``folders`` are
    put before the import paths of the old and the new files wherever one is named. ``question`` is by default the
    policy's: wire and JSON, both roles. Raises what :func:`treaty.model.protobuf.parse_files` raises.
    """
    from treaty.changes.protobuf.comparison import Question
    from treaty.model.protobuf import parse_files

    before = parse_files(old, references, folder=folders[0])
    after = parse_files(new, references, folder=folders[1])
    return compare_schemas(before, after, question or Question())


def question_of(settings: Settings) -> Question:
    """What a policy's settings ask about a Protobuf contract. Raises UsageError for a surface there is not."""
    from treaty.changes.protobuf.comparison import Question

    return Question(
        surfaces=surfaces_of(settings.surfaces),
        roles=settings.roles,
        strict=settings.strict is True,
        levels=settings.levels,
        today=settings.today,
        sunset_required=settings.sunset_required,
    )


def compare_schemas(old: Schema, new: Schema, question: Question) -> tuple[Change, ...]:
    """Every change between two parsed schemas, most severe first."""
    from treaty.changes.protobuf.comparison import Comparison
    from treaty.changes.protobuf.judgement import changes_of, sites_of
    from treaty.changes.protobuf.witness import Witnesses

    if old.descriptor_set == new.descriptor_set and old.roots == new.roots:
        return ()
    facts = Comparison(old, new, question).run()
    return changes_of(facts, question, sites_of(old), Witnesses(old, new, strict=question.strict).show)
