"""Two JSON Schemas: the subset proof has the last word, the rules say why."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from treaty.changes.change import Change, Effect, Level, Witness
from treaty.changes.collector import Collector
from treaty.changes.comparison import Settings, Side
from treaty.changes.json_schema.question import Question
from treaty.changes.proof import Answer, Proof
from treaty.changes.schema_documents import under_policy
from treaty.changes.schemas.engine import Engine
from treaty.documents.deferred import DeferredLocation
from treaty.documents.library import Library, Node
from treaty.documents.source import TextSource
from treaty.model.roles import Role, Standing
from treaty.model.schema.dialects import DRAFT_7, DRAFT_2020_12, Dialect, dialect_by_uri, infer_dialect
from treaty.model.schema.shape import Part
from treaty.model.schema.space import SchemaSpace
from treaty.model.schema.validity import Validity

if TYPE_CHECKING:
    from treaty.documents.schema_text import SchemaText

SITE = "schema"
_STANDINGS = {Role.READS: Standing.REQUEST, Role.WRITES: Standing.ANSWER}
_TAKEN = {Role.READS: (Effect.NARROWS, Effect.REPLACES), Role.WRITES: (Effect.WIDENS, Effect.REPLACES)}


def compare(old: SchemaText, new: SchemaText, *, roles: Role, strict: bool) -> tuple[Change, ...]:
    """Every change between two schemas of a registry; see :class:`treaty.govern.compatibility.SchemaComparison`.

    Raises DocumentError for text that is no JSON, UnsupportedDocument for an unknown dialect, InvalidContract for a
    schema its draft does not allow, and UnresolvedReference.
    """
    return compare_schema_documents(_side(old), _side(new), Settings(roles=roles, strict=strict))


def _side(schema: SchemaText) -> Side:
    if isinstance(schema.schema, str):
        files = {name: text.encode() for name, text in schema.references.items()}
        library = Library(TextSource({**files, schema.name: schema.schema.encode("utf-8", "surrogatepass")}))
        return Side(library, library.open(schema.name))
    return Side(*Library.of_tree(schema.schema, schema.name))


def check_schema_document(side: Side) -> None:
    """Raise InvalidContract for a schema its draft does not allow."""
    root = _root(side)
    Validity(side.library).check(root, _dialects(root, root)[0])


def compare_schema_documents(old: Side, new: Side, settings: Settings) -> tuple[Change, ...]:
    """Every change between two JSON Schema documents; strict unless the settings say otherwise.

    Raises InvalidContract for a schema its draft does not allow, and UnresolvedReference.
    """
    before, after = _root(old), _root(new)
    dialects = _dialects(before, after)
    Validity(old.library).check(before, dialects[0])
    Validity(new.library).check(after, dialects[1])
    spaces = SchemaSpace(old.library, dialects[0]), SchemaSpace(new.library, dialects[1])
    strict = settings.strict is not False
    # The levels of the policy come last: what it lowers or silences still explains what the proof finds.
    engine = Engine.of(*spaces, replace(settings, levels={}), strict=strict)
    found = Collector()
    one, other = (Part(before),), (Part(after),)
    pair = engine.walk.pair(one, other)
    if pair is None:
        return ()
    roles = [role for role in (Role.READS, Role.WRITES) if role in settings.roles]
    for role in roles:
        found.pair(SITE, _STANDINGS[role], pair)
    changes = list(engine.changes(found))
    question = Question(engine, spaces, one, other, strict=strict)
    for role in roles:
        if not any(_takes(change, role) and _is_proven(change) for change in changes):
            changes = _settled(changes, role, question.ask(role), old, new, strict=strict)
    return tuple(under_policy(changes, settings, settings.roles, strict=strict))


def _settled(
    changes: list[Change], role: Role, proof: Proof | None, old: Side, new: Side, *, strict: bool
) -> list[Change]:
    """The changes with the word of the proof: refuted ones dropped, an unexplained or undecided difference added.

    Under the tolerant model a finding with a witness stands: who opens or closes an object says more than that
    what is declared stays the same. What only puts readers at risk explains a difference there too.
    """
    breaking = [change for change in changes if _takes(change, role)]
    if proof is not None and proof.answer is Answer.YES:
        return [change for change in changes if change not in breaking or (not strict and change.witness is not None)]
    if not strict and not breaking and any(_takes(change, role, Level.RISKY) for change in changes):
        return changes
    if proof is not None and proof.answer is Answer.NO:
        if breaking and any(change.witness is not None for change in breaking):
            return changes
        if proof.witness is None:
            return changes if breaking else [*changes, _unexplained(role, old, new, Level.BREAKING, None)]
        witness = _witness(proof, role)
        if breaking:
            position = changes.index(breaking[0])
            return [*changes[:position], replace(breaking[0], witness=witness), *changes[position + 1 :]]
        return [*changes, _unexplained(role, old, new, Level.BREAKING, witness)]
    if any(change.witness is not None for change in breaking):
        return changes
    keywords = ", ".join(proof.undecided) if proof is not None else "the schema is too large to prove in one piece"
    undecided = [replace(change, level=Level.UNKNOWN) if change in breaking else change for change in changes]
    return undecided if breaking else [*undecided, _unexplained(role, old, new, Level.UNKNOWN, None, keywords)]


def _is_proven(change: Change) -> bool:
    """Whether a whole message shows the change, one that the schemas as written were asked about."""
    return change.witness is not None and change.witness.at == "$"


def _takes(change: Change, role: Role, level: Level = Level.BREAKING) -> bool:
    return change.level is level and role in change.role and change.effect in _TAKEN[role]


def _witness(proof: Proof, role: Role) -> Witness:
    assert proof.witness is not None
    accepted, refused = ("base", "revision") if role is Role.READS else ("revision", "base")
    return Witness(proof.witness.value, accepted, refused, proof.witness.reason, proof.witness.confirmed_by)


def _unexplained(role: Role, old: Side, new: Side, level: Level, witness: Witness | None, keywords: str = "") -> Change:
    effect = Effect.NARROWS if role is Role.READS else Effect.WIDENS
    if level is Level.UNKNOWN:
        rule, text = "schema-undecided", f"cannot decide whether the schema still accepts the same values: {keywords}"
    elif role is Role.READS:
        rule, text = "schema-narrowed", "the schema refuses values it accepted"
    else:
        rule, text = "schema-widened", "the schema accepts values it refused"
    return Change(
        rule=rule,
        level=level,
        effect=effect,
        role=role,
        element=f"{SITE} $",
        message=text,
        witness=witness,
        base=DeferredLocation(old.document, ()),
        revision=DeferredLocation(new.document, ()),
        sites=(SITE,),
    )


def _root(side: Side) -> Node:
    return Node(side.document, (), side.document.tree)


def _dialects(old: Node, new: Node) -> tuple[Dialect, Dialect]:
    """The dialect of each side: named, else shown by its keywords, else that of the other side, else draft 7."""
    before, after = _dialect(old), _dialect(new)
    return before or after or DRAFT_7, after or before or DRAFT_7


def _dialect(root: Node) -> Dialect | None:
    raw = root.value
    uri = raw.get("$schema") if isinstance(raw, dict) else None
    if not isinstance(uri, str):
        return infer_dialect(raw)
    named = dialect_by_uri(uri)
    if named is None:
        _ = root.document.format  # raises for a dialect nobody knows; what is left says "the latest draft"
        return DRAFT_2020_12
    return named
