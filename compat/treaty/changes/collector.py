"""What a comparison found, before anyone asks who is hurt: facts at sites, and pairs of schemas in use at sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from treaty.changes.schemas.facts import Fact
    from treaty.changes.schemas.pairs import Pair
    from treaty.model.roles import Standing


class SiteFact(NamedTuple):
    """A fact about the contract around its schemas."""

    site: str
    standing: Standing
    fact: Fact


class SitePair(NamedTuple):
    """A pair of schemas whose values travel at ``site``."""

    site: str
    standing: Standing
    pair: Pair


class Collector:
    """Gathers what the comparison of one contract finds."""

    def __init__(self) -> None:
        self.facts: list[SiteFact] = []
        self.pairs: list[SitePair] = []

    def fact(self, site: str, standing: Standing, fact: Fact) -> None:
        self.facts.append(SiteFact(site, standing, fact))

    def pair(self, site: str, standing: Standing, pair: Pair | None) -> None:
        if pair is not None:
            self.pairs.append(SitePair(site, standing, pair))
