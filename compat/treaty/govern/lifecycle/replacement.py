"""What `replaced_by` names: whether it is there, and whether it is deprecated itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from treaty.errors import TreatyError
from treaty.govern.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from treaty.govern.lifecycle.survey import Survey
    from treaty.govern.places import Place

_URL = re.compile(r"https?://\S+\Z")
_CONTRACT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)[ @]v?([0-9][0-9A-Za-z.+-]*)\Z")


class Surroundings(Protocol):
    """The other documents a reference may lead to."""

    def contracts(self) -> Iterable[str]:
        """The names of all contracts."""
        ...

    def surveys(self, contract: str) -> Iterable[Survey]:
        """The documents of one contract; those that cannot be read are left out."""
        ...


class Replacements:
    """Finds what the places of one document are replaced by.

    Known forms: ``POST /v2/bets``, ``provider-api 2.0.0``, a JSON Pointer (``#/…`` or ``file#/…``), the name of a
    sibling, an operation id, the full name of a type or of any other place, a URL (which is taken for granted).
    """

    def __init__(self, survey: Survey, contract: str, surroundings: Surroundings) -> None:
        self._survey = survey
        self._contract = contract
        self._surroundings = surroundings

    def deprecated(self, place: Place, reference: str) -> bool | None:
        """Whether what ``reference`` names is deprecated itself; None where it names nothing."""
        reference = reference.strip()
        if _URL.match(reference):
            return False
        named = _CONTRACT.match(reference)
        if named is not None and named[1] in self._surroundings.contracts():
            return self._of_version(named[1], named[2])
        if "#" in reference:
            return self._pointed(place, reference)
        sibling = self._survey.siblings(place).get(reference)
        if sibling is not None:
            return sibling.lifecycle.deprecated
        found = next(self._anywhere(reference), None)
        return found.lifecycle.deprecated if found is not None else None

    def _of_version(self, contract: str, version: str) -> bool | None:
        """A version of a contract stands for the document that declares it, or a later one of the same major."""
        wanted = parse_version(version)
        if wanted is None:
            return None
        for survey in self._surroundings.surveys(contract):
            declared = parse_version(survey.version)
            if declared is not None and declared.major == wanted.major and declared >= wanted:
                return survey.contract is not None and survey.contract.lifecycle.deprecated
        return None

    def _pointed(self, place: Place, reference: str) -> bool | None:
        from treaty.model.lifecycle import lifecycle_of

        if place.node is None:
            return None
        try:
            target = self._survey.side.library.resolve(reference, place.node)
        except TreatyError:
            return None
        return lifecycle_of(target.value).deprecated

    def _anywhere(self, name: str) -> Iterator[Place]:
        own = self._survey.named(name)
        if own is not None:
            yield own
        others = [contract for contract in self._surroundings.contracts() if contract != self._contract]
        for contract in (self._contract, *others):
            for survey in self._surroundings.surveys(contract):
                found = survey.named(name)
                if found is not None:
                    yield found
