"""Facts about unions: which branch answers to which, and what to say of those that answer to none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from treaty.changes.change import Effect
from treaty.changes.proof import Answer
from treaty.changes.schemas.facts import Fact
from treaty.changes.schemas.pairs import Edge, Pair
from treaty.changes.schemas.steps import branch_step
from treaty.model.schema.expression import restricted, without_union
from treaty.model.schema.shape import Conjunction, Origin, Shape, Union, type_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.schemas.scalars import Sides
    from treaty.changes.schemas.walk import SchemaWalk
    from treaty.documents.location import JsonValue
    from treaty.model.schema.space import SchemaSpace

_TRIES = 64
_KIN = 4


class Branch(NamedTuple):
    """One alternative: its schema, what to call it, and the object of the discriminator value when there is one."""

    schema: Conjunction
    name: str
    shape: Shape


def union_facts(walk: SchemaWalk, pair: Pair, sides: Sides) -> Iterator[Fact | Edge]:
    """Compare the unions of a pair whose unions answer to each other, branch by branch."""
    for old, new in paired_unions(walk, sides) or ():
        branches = _branches(walk.old, old), _branches(walk.new, new)
        yield from _matched(walk, pair, sides, *branches, (old, new))


def case_facts(walk: SchemaWalk, pair: Pair, sides: Sides) -> Iterator[Fact | Edge]:
    """Compare a pair whose sides are built differently, case by case.

    A case is the rest of a schema together with one branch of its union; a schema without a union is one case. Values
    of types no union governs are compared apart.
    """
    old, new = _bound(sides.old, sides), _bound(sides.new, sides)
    if walk.equal(pair.old, pair.new):
        return
    governed = frozenset().union(*(union.types for union in (*old, *new)))
    free = (sides.old.types & sides.new.types) - governed
    if free:
        child = walk.pair(pair.old + restricted(pair.old, free), pair.new + restricted(pair.new, free), wire=pair.wire)
        if child is not None:
            yield Edge(branch_step(""), child)
    before, after = _cases(walk.old, pair.old, old, governed), _cases(walk.new, pair.new, new, governed)
    yield from _matched(walk, pair, sides, before, after, (old[0] if old else None, new[0] if new else None))


def with_accepted_types(space: SchemaSpace, shape: Shape) -> Shape:
    """``shape`` with the types that some branch of each of its unions accepts."""
    types = shape.types
    for union in shape.unions:
        branches = frozenset().union(*(space.shape(branch).types for branch in union.branches))
        types = (types - union.types) | (types & branches)
    return shape if types == shape.types else replace(shape, types=types)


def paired_unions(walk: SchemaWalk, sides: Sides) -> list[tuple[Union, Union]] | None:
    """The unions that answer to each other and are not the same; None when the sides are built differently."""
    old, new = _bound(sides.old, sides), _bound(sides.new, sides)
    if len(old) == len(new) == 1:
        return [(old[0], new[0])]
    return _pair_up(walk, old, new)


def _bound(shape: Shape, sides: Sides) -> list[Union]:
    shared = sides.old.types & sides.new.types
    return [union for union in shape.unions if union.types & shared]


def _pair_up(walk: SchemaWalk, old: list[Union], new: list[Union]) -> list[tuple[Union, Union]] | None:
    """Several unions on each side, matched when all but one pair are the same; None when they are not."""
    if len(old) != len(new):
        return None
    left = list(new)
    rest: list[Union] = []
    for union in old:
        twin = next((other for other in left if walk.same_union(union, other)), None)
        if twin is None:
            rest.append(union)
        else:
            left.remove(twin)
    return [(rest[0], left[0])] if len(rest) == 1 else [] if not rest else None


def _branches(space: SchemaSpace, union: Union) -> list[Branch]:
    return [Branch(branch, branch_name(space, branch), space.shape(branch)) for branch in union.branches]


def _cases(space: SchemaSpace, conjunction: Conjunction, unions: list[Union], governed: frozenset[str]) -> list[Branch]:
    if not unions:
        case = conjunction + restricted(conjunction, governed)
        return [Branch(case, branch_name(space, conjunction), space.shape(case))]
    rest = without_union(conjunction, space, unions[0])
    return [
        Branch(rest + branch, branch_name(space, branch), space.shape(rest + branch)) for branch in unions[0].branches
    ]


def branch_name(space: SchemaSpace, branch: Conjunction) -> str:
    """What people call a branch: the component it refers to, its title, or its one type; "" when nothing does."""
    if branch:
        raw = branch[0].node.value
        if isinstance(raw, dict):
            reference = raw.get("$ref")
            if isinstance(reference, str):
                return reference.rstrip("/").rsplit("/", 1)[-1].split("#")[0].split(".")[0] or reference
            if isinstance(raw.get("title"), str):
                return str(raw["title"])
    shape = space.shape(branch)
    return "|".join(type_names(shape.types)) if len(shape.types) == 1 else ""


def _matched(
    walk: SchemaWalk,
    pair: Pair,
    sides: Sides,
    old: list[Branch],
    new: list[Branch],
    unions: tuple[Union | None, Union | None],
) -> Iterator[Fact | Edge]:
    removed, added = list(old), list(new)
    partners: list[tuple[Branch, Branch]] = []
    for test in (_same, _same_name, _alike):
        for one in list(removed):
            best = test(walk, one, added)
            if best is not None:
                removed.remove(one)
                added.remove(best)
                if test is not _same:
                    partners.append((one, best))
    if len(removed) == len(added) == 1 and removed[0].shape.types & added[0].shape.types:
        partners.append((removed.pop(), added.pop()))
    for one, other in partners:
        child = walk.pair(one.schema, other.schema, wire=sides.wire)
        if child is not None:
            yield Edge(branch_step(other.name), child)
    gone = [
        branch
        for branch in removed
        if not any(walk.declares(branch.schema, other.schema) for other in _kin(branch, new))
    ]
    come = [
        branch for branch in added if not any(walk.declared(other.schema, branch.schema) for other in _kin(branch, old))
    ]
    for branch in gone:
        yield _branch_fact(sides, "union-branch-removed", Effect.NARROWS, branch, *unions)
    for branch in come:
        yield _branch_fact(sides, "union-branch-added", Effect.WIDENS, branch, *unions)
    reshaped = not removed and not added and bool(partners)
    if not gone and (reshaped or _exclusive_before(walk, pair, unions) != _exclusive_after(walk, pair, unions)):
        yield from _overlaps(walk, pair, sides, old, new, unions, reshaped=reshaped)


def _exclusive_before(walk: SchemaWalk, pair: Pair, unions: tuple[Union | None, Union | None]) -> bool:
    return _is_exclusive(walk.old, pair.old, unions[0])


def _exclusive_after(walk: SchemaWalk, pair: Pair, unions: tuple[Union | None, Union | None]) -> bool:
    return _is_exclusive(walk.new, pair.new, unions[1])


def _is_exclusive(space: SchemaSpace, conjunction: Conjunction, union: Union | None) -> bool:
    """Whether a schema says `oneOf`, be it of one branch: a branch that is added to it is judged as an added branch."""
    if union is not None:
        return union.kind == "oneOf"
    return any(isinstance(part.node.value, dict) and "oneOf" in part.node.value for part in space.written(conjunction))


def _kin(branch: Branch, others: list[Branch]) -> list[Branch]:
    """The branches worth asking about: the few that are most like it among those that accept some of its types."""
    alike = [other for other in others if other.shape.types & branch.shape.types]
    return sorted(alike, key=lambda other: -_likeness(branch.shape, other.shape))[:_KIN]


def _same(walk: SchemaWalk, branch: Branch, others: list[Branch]) -> Branch | None:
    return next((other for other in others if walk.same(branch.schema, other.schema)), None)


def _same_name(walk: SchemaWalk, branch: Branch, others: list[Branch]) -> Branch | None:
    if not branch.name:
        return None
    named = [other for other in others if other.name == branch.name and other.shape.types & branch.shape.types]
    return named[0] if len(named) == 1 else None


def _alike(walk: SchemaWalk, branch: Branch, others: list[Branch]) -> Branch | None:
    """The branch that differs least, where there is anything in common; position decides between equals."""
    best: tuple[float, Branch] | None = None
    for other in others[:_TRIES]:
        score = _likeness(branch.shape, other.shape)
        if score > 0.3 and (best is None or score > best[0]):
            best = (score, other)
    return best[1] if best else None


def _likeness(old: Shape, new: Shape) -> float:
    """0 for nothing in common to 1 for the same types, properties and constants."""
    if not old.types & new.types:
        return 0.0
    score = len(old.types & new.types) / len(old.types | new.types)
    before, after = set(old.objects.properties), set(new.objects.properties)
    if before or after:
        score *= len(before & after) / len(before | after)
    for group in old.enums.keys() & new.enums.keys():
        values, others = old.enums[group].keys(), new.enums[group].keys()
        score *= len(values & others) / len(values | others)
    return score


def _branch_fact(sides: Sides, rule: str, effect: Effect, branch: Branch, old: Union | None, new: Union | None) -> Fact:
    name: JsonValue = branch.name or (branch.schema[-1].node.value if branch.schema else True)
    here = Origin(branch.schema[-1].node, "") if branch.schema else None
    removed = effect is Effect.NARROWS
    return Fact(
        rule=rule,
        effect=effect,
        before=name if removed else None,
        after=None if removed else name,
        base=here if removed else (old.origin if old else sides.old.origin("")),
        revision=(new.origin if new else sides.new.origin("")) if removed else here,
        facets=("union",),
    )


def _overlaps(
    walk: SchemaWalk,
    pair: Pair,
    sides: Sides,
    old: list[Branch],
    new: list[Branch],
    unions: tuple[Union | None, Union | None],
    *,
    reshaped: bool,
) -> Iterator[Fact]:
    """`oneOf` refuses what two branches accept: branches that begin to overlap take values away, and the reverse.

    Only a proof tells, so only a proven overlap is a fact.
    """
    origins = (
        unions[0].origin if unions[0] else sides.old.origin(""),
        unions[1].origin if unions[1] else sides.new.origin(""),
    )
    for rule, effect, union, space, branches in (
        ("union-branches-overlap", Effect.NARROWS, unions[1], walk.new, new),
        ("union-branches-separated", Effect.WIDENS, unions[0], walk.old, old),
    ):
        if union is None or union.kind != "oneOf" or _disjoint_branches(space, branches):
            continue
        backwards = effect is Effect.WIDENS
        proof = walk.questions.proof(pair.old, pair.new, backwards=backwards, small=reshaped)
        if proof is None or proof.answer is Answer.UNKNOWN:
            if reshaped:
                continue  # the branches tell what changed in them
            yield Fact(
                rule="schema-undecided",
                effect=effect,
                after="oneOf",
                base=origins[0],
                revision=origins[1],
                provable=False,
            )
        elif (
            proof.witness is not None
            and walk.questions.accepting(space, [branch.schema for branch in branches], proof.witness.value) > 1
        ):
            yield Fact(rule=rule, effect=effect, base=origins[0], revision=origins[1], facets=("overlap",))


def _disjoint_branches(space: SchemaSpace, branches: list[Branch]) -> bool:
    """Whether no value can be in two branches, as far as types and constants tell."""
    if len(branches) > _TRIES:
        return True
    return all(
        not one.shape.types & other.shape.types or told_apart(space, one.shape, other.shape)
        for index, one in enumerate(branches)
        for other in branches[index + 1 :]
    )


def told_apart(space: SchemaSpace, one: Shape, other: Shape) -> bool:
    """Whether a constant, of the value or of a property both require, tells two shapes of the same type apart."""
    shared = one.types & other.types
    if shared == {"string"}:
        return _disjoint(one, other)
    if shared != {"object"}:
        return False
    return any(
        _disjoint(space.shape(one.objects.properties[name]), space.shape(other.objects.properties[name]))
        for name in one.objects.required.keys() & other.objects.required.keys()
        if name in one.objects.properties and name in other.objects.properties
    )


def _disjoint(one: Shape, other: Shape) -> bool:
    values, others = one.enumerated, other.enumerated
    return values is not None and others is not None and not values.keys() & others.keys()
