"""What a change does to the lifecycle of a contract: marks, promises and removals, told beside its changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.documents.deferred import DeferredLocation
from treaty.errors import DocumentError
from treaty.govern.catalogue import Neighbourhood
from treaty.govern.history import History
from treaty.govern.lifecycle.around import DocumentsAround
from treaty.govern.lifecycle.evidence import Evidence
from treaty.govern.lifecycle.marks import mark_problems
from treaty.govern.lifecycle.removal import removal_conditions, unmet
from treaty.govern.lifecycle.removals import Reviewed, review_removals
from treaty.govern.lifecycle.replacement import Replacements
from treaty.govern.lifecycle.survey import Survey
from treaty.govern.lifecycle.transition import transition_problems
from treaty.govern.outcome import Severity
from treaty.govern.pairing import major_folder
from treaty.govern.rules import GOVERNANCE_RULES, problem

if TYPE_CHECKING:
    import datetime

    from treaty.changes.comparison import Side
    from treaty.documents.repository import Repository
    from treaty.govern.comparison import Comparison
    from treaty.govern.lifecycle.removal import Condition
    from treaty.govern.outcome import Problem
    from treaty.govern.places import Place
    from treaty.govern.policy import ContractPolicy, Policy
    from treaty.govern.states import States

# What a mark cannot be written without; a document that has none of them costs no walk.
_WORDS = (b"deprecat", b"lifecycle", b"sunset", b"removed_in", b"removed-in", b"replaced_by", b"replaced-by")


class LifecycleReview:
    """Judges lifecycles between the base of a run, the commit ``base``, and what is proposed.

    ``prefix`` is the folder of the policy in the repository.
    """

    def __init__(
        self,
        policy: Policy,
        repository: Repository,
        base: str,
        states: States,
        prefix: str,
        today: datetime.date,
    ) -> None:
        self._policy = policy
        self._repository = repository
        self._base = base
        self._states = states
        self._today = today
        self._around = tuple(DocumentsAround(policy, state.library, state.paths, prefix) for state in states)
        self._neighbours = tuple(Neighbourhood(state.library.source) for state in states)

    def changed(
        self, contract: ContractPolicy, sides: tuple[Side, Side], comparison: Comparison, *, allowed: bool
    ) -> Reviewed:
        """What a changed document does to lifecycles; ``allowed`` says that its version carries breaking changes."""
        path = sides[0].document.path
        old, new = Survey(sides[0], comparison.base.version), Survey(sides[1], comparison.revision.version)
        before = old if self._speaks(0, path) else None
        version = comparison.revision.version or _of_folder(path)
        reviewed = review_removals(
            comparison,
            before,
            lambda place: self._conditions(contract, place, path, version),
            allowed=allowed,
            unannounced=self._policy.lifecycle.unannounced_removal,
        )
        if self._speaks(1, sides[1].document.path):
            marks = [*self._marks(contract, before, new)]
            moved = transition_problems(old, new, self._policy.lifecycle, self._today)
            reviewed = reviewed._replace(problems=[*marks, *moved, *reviewed.problems])
        return reviewed

    def begun(self, contract: ContractPolicy, side: Side, version: str | None) -> list[Problem]:
        """What is wrong with the marks of a document that is new."""
        if not self._speaks(1, side.document.path):
            return []
        return self._marks(contract, None, Survey(side, version))

    def removed(self, contract: ContractPolicy, side: Side, left: str | None) -> Problem:
        """What the removal of a whole document comes to; ``left`` is the highest version that stays of the contract."""
        rule = "contract-removed"
        survey = Survey(side, None)
        place = survey.contract or next(iter(survey.places), None)
        where = DeferredLocation(side.document, ())
        if place is None or not place.lifecycle.deprecated:
            message = "the contract was removed, and was never marked deprecated"
            return problem(rule, message, where, GOVERNANCE_RULES[rule].safe)
        missing = unmet(self._conditions(contract, place, side.document.path, left))
        if missing:
            message = f"the contract was removed: {'; '.join(each.text for each in missing)}"
            return problem(rule, message, where, GOVERNANCE_RULES[missing[0].rule].safe)
        return problem(rule, "the contract was removed after its time", where, severity=Severity.WARNING)

    def _speaks(self, index: int, path: str) -> bool:
        """Whether any file of a document holds a word that a lifecycle mark is written with."""
        source = self._states[index].library.source
        for file in self._neighbours[index].files(path):
            try:
                text = source.read(file)
            except DocumentError:  # what only looks like a reference; a real one is told by the comparison
                continue
            if any(word in text for word in _WORDS):
                return True
        return False

    def _marks(self, contract: ContractPolicy, old: Survey | None, new: Survey) -> list[Problem]:
        """The problems with the marks of ``new`` that ``old`` did not have."""
        found = self._judged(contract, new, 1)
        if not found or old is None:
            return list(found.values())
        known = self._judged(contract, old, 0)
        return [each for key, each in found.items() if key not in known]

    def _judged(self, contract: ContractPolicy, survey: Survey, index: int) -> dict[tuple[str, str], Problem]:
        replacements = Replacements(survey, contract.name, self._around[index])
        return {
            (each.problem.rule, each.place.name): each.problem
            for each in mark_problems(survey, self._policy.lifecycle, replacements, self._today)
        }

    def _conditions(self, contract: ContractPolicy, place: Place, path: str, version: str | None) -> list[Condition]:
        files, tags = self._neighbours[0].files(path), self._policy.tags_of(contract)
        history = History(self._repository, path, files, revision=self._base, tags=tags)
        return removal_conditions(
            place.lifecycle,
            version=version,
            released=Evidence(history, path).deprecated_by(place),
            policy=self._policy.lifecycle,
            today=self._today,
            shallow=self._repository.shallow,
        )


def _of_folder(path: str) -> str | None:
    """The version of a document that declares none: the major of its folder."""
    major = major_folder(path)
    return f"{major}.0.0" if major is not None else None
