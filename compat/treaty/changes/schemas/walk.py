"""The walk over pairs of schemas: each pair compared once, however many sites and however deep the recursion."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from treaty.changes.schemas.discriminators import discriminator_facts
from treaty.changes.schemas.documentation import documentation_facts
from treaty.changes.schemas.facts import Fact
from treaty.changes.schemas.pairs import Edge, Pair
from treaty.changes.schemas.plausible import Plausibility
from treaty.changes.schemas.residue import residue_facts
from treaty.changes.schemas.scalars import SCALAR_RULES, Sides, type_facts
from treaty.changes.schemas.structures import Inside, Spaces, array_insides, listed_alone, object_facts, string_insides
from treaty.changes.schemas.unions import case_facts, paired_unions, union_facts, with_accepted_types
from treaty.model.schema.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from treaty.changes.identity import Sameness
    from treaty.changes.schemas.questions import Questions
    from treaty.model.schema.shape import Conjunction, Residue, Union
    from treaty.model.schema.space import SchemaSpace


class SchemaWalk:
    """Compares pairs on request; everything below them is compared by :meth:`finish`.

    ``strict`` is the content model: an open object may already carry anything.
    """

    def __init__(
        self, old: SchemaSpace, new: SchemaSpace, sameness: Sameness, questions: Questions, *, strict: bool
    ) -> None:
        self.old = old
        self.new = new
        self.questions = questions
        self.strict = strict
        self._sameness = sameness
        self._narrowing = Plausibility(new, old)
        self._widening = Plausibility(old, new)
        self._pairs: dict[Hashable, Pair | None] = {}
        self._waiting: deque[Pair] = deque()

    def pair(self, old: Conjunction, new: Conjunction, *, wire: Wire = Wire.JSON) -> Pair | None:
        """The pair of two conjunctions, None when they are the same all the way down."""
        key = (tuple(part.key for part in old), tuple(part.key for part in new), wire)
        if key not in self._pairs:
            pair = None if self.same(old, new) else Pair(old, new, wire)
            self._pairs[key] = pair
            if pair is not None:
                self._waiting.append(pair)
        return self._pairs[key]

    def same(self, old: Conjunction, new: Conjunction) -> bool:
        """Whether both are written the same, all that they refer to included."""
        return len(old) == len(new) and all(
            before.without == after.without and self._sameness.same(before.node, after.node)
            for before, after in zip(old, new, strict=True)
        )

    def same_union(self, old: Union, new: Union) -> bool:
        return (
            old.kind == new.kind
            and len(old.branches) == len(new.branches)
            and all(self.same(before, after) for before, after in zip(old.branches, new.branches, strict=True))
        )

    def same_residue(self, old: Residue, new: Residue) -> bool:
        return old.keywords == new.keywords and all(
            self._sameness.same(old.node.child(keyword), new.node.child(keyword)) for keyword in old.keywords
        )

    def covers(self, old: Conjunction, new: Conjunction) -> bool:
        """Whether it is proven that ``new`` accepts every value ``old`` may carry."""
        if self.same(old, new):
            return True
        return self._narrowing.may_cover(new, old) and self.questions.narrowed(old, new) is False

    def covered(self, old: Conjunction, new: Conjunction) -> bool:
        """Whether it is proven that ``old`` accepts every value ``new`` may carry."""
        if self.same(old, new):
            return True
        return self._widening.may_cover(old, new) and self.questions.widened(old, new) is False

    def declares(self, old: Conjunction, new: Conjunction) -> bool:
        """Whether it is proven that what ``old`` declares, ``new`` declares too: a branch then has another in its
        place."""
        if self.same(old, new):
            return True
        return self._narrowing.may_cover(new, old) and self.questions.undeclared(old, new) is False

    def declared(self, old: Conjunction, new: Conjunction) -> bool:
        """Whether it is proven that what ``new`` declares, ``old`` declared already."""
        if self.same(old, new):
            return True
        return self._widening.may_cover(old, new) and self.questions.undeclared(old, new, backwards=True) is False

    def equal(self, old: Conjunction, new: Conjunction) -> bool:
        """Whether it is proven that both accept the same values."""
        return self.covers(old, new) and self.covered(old, new)

    def finish(self) -> None:
        """Compare every pair that is still waiting, and those found on the way."""
        while self._waiting:
            pair = self._waiting.popleft()
            for found in self._compare(pair):
                if isinstance(found, Fact):
                    pair.facts.append(found)
                elif isinstance(found, Edge):
                    pair.edges.append(found)
                else:
                    child = self.pair(found.old, found.new, wire=pair.wire)
                    if child is not None:
                        pair.edges.append(Edge(found.step, child, found.roles, into_field=found.into_field))

    def _compare(self, pair: Pair) -> Iterable[Fact | Edge | Inside]:
        sides = Sides(self.old.shape(pair.old), self.new.shape(pair.new), pair.wire)
        yield from self._documentation(sides)
        if paired_unions(self, sides) is None:
            accepted = (with_accepted_types(self.old, sides.old), with_accepted_types(self.new, sides.new))
            yield from type_facts(sides._replace(old=accepted[0], new=accepted[1]))
            yield from case_facts(self, pair, sides)
            return
        for rule in SCALAR_RULES:
            yield from rule(sides)
        yield from listed_alone(pair, sides)
        if not sides.old.types & sides.new.types:
            return
        yield from object_facts(sides, Spaces(self.old, self.new, self.same), strict=self.strict)
        yield from array_insides(sides)
        yield from string_insides(sides)
        yield from union_facts(self, pair, sides)
        yield from discriminator_facts(self, sides)
        yield from residue_facts(self, pair, sides)

    def _documentation(self, sides: Sides) -> Iterator[Fact]:
        old, new = sides.old.parts, sides.new.parts
        if len(old) != len(new):
            old, new = old[:1], new[:1]
        for before, after in zip(old, new, strict=False):
            if before.value is not after.value:
                yield from documentation_facts(before, after, text=sides.wire is Wire.TEXT)
