"""What a comparison found, before anyone asks who is hurt: facts at sites, and pairs of schemas in use at sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from treaty.changes.schemas.facts import Fact
    from treaty.changes.schemas.pairs import Pair
    from treaty.documents.location import JsonValue
    from treaty.model.roles import Standing


class SiteFact(NamedTuple):
    """A fact about the contract around its schemas."""

    site: str
    standing: Standing
    fact: Fact


class SitePair(NamedTuple):
    """A pair of schemas whose values travel at ``site``; ``write`` shows one as it travels, where that is not JSON."""

    site: str
    standing: Standing
    pair: Pair
    write: Callable[[JsonValue], str | None] | None = None


class Collector:
    """Gathers what the comparison of one contract finds."""

    def __init__(self) -> None:
        self.facts: list[SiteFact] = []
        self.pairs: list[SitePair] = []

    def fact(self, site: str, standing: Standing, fact: Fact) -> None:
        self.facts.append(SiteFact(site, standing, fact))

    def pair(
        self,
        site: str,
        standing: Standing,
        pair: Pair | None,
        write: Callable[[JsonValue], str | None] | None = None,
    ) -> None:
        if pair is not None:
            self.pairs.append(SitePair(site, standing, pair, write))
