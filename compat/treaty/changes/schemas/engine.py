"""The parts of a schema comparison, put together once per pair of documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from treaty.changes.identity import Sameness
from treaty.changes.projection import Levels, Projection
from treaty.changes.proof import Prover
from treaty.changes.schemas.evidence import Evidence
from treaty.changes.schemas.questions import Questions
from treaty.changes.schemas.walk import SchemaWalk

if TYPE_CHECKING:
    from treaty.changes.change import Change
    from treaty.changes.collector import Collector
    from treaty.changes.comparison import Settings
    from treaty.model.schema.space import SchemaSpace


class Engine(NamedTuple):
    """A walk over two schema spaces, with what it takes to ask and to prove."""

    sameness: Sameness
    walk: SchemaWalk
    evidence: Evidence
    levels: Levels

    @classmethod
    def of(cls, old: SchemaSpace, new: SchemaSpace, settings: Settings, *, strict: bool) -> Engine:
        sameness = Sameness(old.library, new.library)
        prover = Prover(formats=settings.assert_formats)
        questions = Questions(prover, old, new, strict=strict)
        walk = SchemaWalk(old, new, sameness, questions, strict=strict)
        evidence = Evidence(prover, questions, old, new)
        return cls(sameness, walk, evidence, Levels(settings.levels, strict))

    def changes(self, found: Collector) -> tuple[Change, ...]:
        """Finish the walk and tell every fact once."""
        self.walk.finish()
        return Projection(found, self.levels).changes(self.evidence.prove)
