"""Objects of a case: the required properties, the one that matters, and nothing else."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

from treaty.changes.proof.patterns import language
from treaty.changes.proof.patterns.python import Unmatchable, matches
from treaty.changes.proof.patterns.samples import samples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.proof.search.case import Objects
    from treaty.changes.proof.search.facts import Members, SomeMemberFails
    from treaty.changes.proof.search.solver import Solver
    from treaty.documents.location import JsonValue

_MOST_NAMES = 24
_MOST_PLANS = 40
_MOST_MEMBERS = 2000
_VARIANTS = 3
_A_STRING: JsonValue = {"type": "string"}
_SPARE_NAMES = ("extra", "other", "a", "b", "c", "A", "x1")


def objects(case: Objects, solver: Solver, depth: int) -> Iterator[JsonValue]:
    """Objects the case allows, those with the fewest properties first."""
    if case.width.empty:
        return
    build = _Builder(case, solver, depth)
    for plan in islice(build.plans(), _MOST_PLANS):
        solver.spend()
        yield from build.filled(plan)


class _Builder:
    def __init__(self, case: Objects, solver: Solver, depth: int) -> None:
        self._case = case
        self._solver = solver
        self._depth = depth

    def plans(self) -> Iterator[dict[str, list[JsonValue]]]:
        """Names to give the object, each with the schemas its value must fail."""
        base: dict[str, list[JsonValue]] = {name: [] for name in self._case.needs}
        for fails in self._case.failing_members:
            base.setdefault(fails.name, []).append(fails.schema)
        options = [[(name, fails.schema) for name in self._failing_names(fails)] for fails in self._case.failing]
        options += [[(name, False) for name in self._bad_names(schema)] for schema in self._case.failing_names]
        for picked in product(*options):
            plan = {name: list(schemas) for name, schemas in base.items()}
            for name, schema in picked:
                plan.setdefault(name, [])
                if schema is not False:
                    plan[name].append(schema)
            if self._closed(plan):
                yield plan

    def filled(self, plan: dict[str, list[JsonValue]]) -> Iterator[JsonValue]:
        """Objects with the names of ``plan``, and as many more as the case asks for."""
        width = self._case.width
        columns: dict[str, list[JsonValue]] = {name: [] for name in plan}
        # What must fail is what there may be no value for.
        for name in sorted(plan, key=lambda name: not plan[name]):
            columns[name] = self._values(name, plan[name])
            if not columns[name]:
                return
        for name in self._spare(plan) if len(columns) < width.least else ():
            found = self._values(name, [])
            if found:
                columns[name] = found
            if len(columns) >= width.least:
                break
        if len(columns) < width.least:
            return
        yield {name: column[0] for name, column in columns.items()}
        for name, column in list(columns.items())[:_VARIANTS]:
            for value in column[1:]:
                yield {other: value if other == name else values[0] for other, values in columns.items()}
        # One property more than needed, for what is only excluded as a whole.
        if width.most is None or len(columns) < width.most:
            for name in islice((name for name in self._spare(plan) if name not in columns), _VARIANTS):
                found = self._values(name, [])
                if found:
                    yield {other: values[0] for other, values in columns.items()} | {name: found[0]}

    def _values(self, name: str, failing: list[JsonValue]) -> list[JsonValue]:
        asked = [schema for members in self._case.members for schema in _asked(name, members)]
        return self._solver.some(asked, failing, _VARIANTS, name=name, depth=self._depth + 1)

    def _closed(self, plan: dict[str, list[JsonValue]]) -> bool:
        """Add the names that others ask for; False when that breaks the case."""
        waiting = True
        while waiting:
            waiting = False
            for together in self._case.together:
                if together.name in plan:
                    for name in together.others:
                        if name not in plan:
                            plan[name] = []
                            waiting = True
        most = self._case.width.most
        if self._case.lacks & plan.keys() or (most is not None and len(plan) > most) or len(plan) > _MOST_MEMBERS:
            return False
        return all(self._allowed(name) for name in plan)

    def _allowed(self, name: str) -> bool:
        return not self._case.names or self._solver.possible(self._case.names, (), name)

    def _failing_names(self, fails: SomeMemberFails) -> Iterator[str]:
        seen: set[str] = set()
        for name in self._candidates(fails.pattern):
            if name in seen or name in fails.named or name in self._case.lacks:
                continue
            seen.add(name)
            if fails.pattern is not None and not _match(fails.pattern, name):
                continue
            if any(_match(pattern, name) for pattern in fails.patterns):
                continue
            yield name
            if len(seen) >= _MOST_NAMES:
                return

    def _candidates(self, pattern: str | None) -> Iterator[str]:
        """Names worth trying: those the schemas speak of, then such as match their patterns, then any."""
        yield from self._case.needs
        for members in self._case.members:
            yield from members.named
        yield from self._made([pattern] if pattern is not None else [])
        for members in self._case.members:
            for other in members.patterns:
                yield from self._made([other] if pattern is None else [pattern, other])
        if self._case.names:
            for value in islice(self._solver.values([*self._case.names, _A_STRING], depth=self._depth + 1), 4):
                if isinstance(value, str):
                    yield value
        yield from _SPARE_NAMES

    def _made(self, patterns: list[str]) -> Iterator[str]:
        if not patterns:
            return
        try:
            yield from language.distinct(language.Texts(tuple(patterns), least=1, most=200), 3, self._solver.spend)
        except language.TooHard:
            yield from islice(samples(patterns[0], 1, 200, self._solver.spend), 3)

    def _bad_names(self, schema: JsonValue) -> Iterator[str]:
        for name in self._candidates(None):
            if name not in self._case.lacks and self._solver.possible((), (schema,), name):
                yield name
        for value in islice(self._solver.values([*self._case.names, _A_STRING], [schema], depth=self._depth + 1), 4):
            if isinstance(value, str):
                yield value

    def _spare(self, plan: dict[str, list[JsonValue]]) -> Iterator[str]:
        """Names that may be added to ``plan``."""
        seen = set(plan)
        partners = {together.name for together in self._case.together}
        for late in (False, True):
            for name in (
                *self._candidates(None),
                *(f"extra{index}" for index in range(min(self._case.width.least, _MOST_MEMBERS))),
            ):
                if (
                    name in seen
                    or name in self._case.lacks
                    or (name in partners) is not late
                    or not self._allowed(name)
                ):
                    continue
                seen.add(name)
                yield name


def _asked(name: str, members: Members) -> list[JsonValue]:
    found = [members.named[name]] if name in members.named else []
    found += [schema for pattern, schema in members.patterns.items() if _match(pattern, name)]
    return found or [members.others]


def _match(pattern: str, name: str) -> bool:
    try:
        return matches(pattern, name)
    except Unmatchable:
        return False
