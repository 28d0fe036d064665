"""Rules about lifecycle marks: what was announced, and what went although something else was."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.model.roles import Role

_SEMVER = "Semantic Versioning 2.0.0, section 7: marking anything of a public interface as deprecated needs a minor."

RULES: tuple[Rule, ...] = (
    Rule(
        id="element-deprecated",
        effect=Effect.NONE,
        summary="Something is now deprecated.",
        message="{subject} is now deprecated",
        why="Nobody yet: everything works as before. Whoever uses it learns that it will go, and has to see the news, "
        "so it comes with a minor and not with a patch.",
        before="post:\n  operationId: bets.settle",
        after="post:\n  operationId: bets.settle\n  deprecated: true\n  x-lifecycle:\n    deprecated_since: 1.7.0\n"
        "    removed_in: 2.0.0\n    sunset: '2027-06-30'\n    replaced_by: POST /v2/bets/settle",
        safe="Say in `x-lifecycle` since when, until when, and what to use instead; answer with `Deprecation` and "
        "`Sunset` headers from that version on.",
        source=f"{_SEMVER} OpenAPI 3.1, `deprecated`; RFC 9745; RFC 8594.",
        reverse="element-no-longer-deprecated",
        deviations=(Deviation(Role.BOTH, Level.ADDITIVE, "Partners have to see the news (SemVer, section 7)."),),
    ),
    Rule(
        id="element-no-longer-deprecated",
        effect=Effect.NONE,
        summary="Something is no longer deprecated.",
        message="{subject} is no longer deprecated",
        why="Nobody. Whoever has moved away already did so for nothing, and believes the next announcement less.",
        before="post:\n  operationId: bets.settle\n  deprecated: true",
        after="post:\n  operationId: bets.settle",
        safe="Say in the changelog that it stays.",
        source="OpenAPI 3.1, `deprecated`.",
        reverse="element-deprecated",
    ),
    Rule(
        id="removed-before-sunset",
        effect=Effect.REPLACES,
        summary="Something was removed before the day its own sunset announced.",
        message="removed although its sunset is {before}",
        why="Everybody who planned by that day, and whoever still uses it until then.",
        before="parameters:\n  - name: game\n    in: query\n    deprecated: true\n    x-sunset: '2030-01-01'",
        after="parameters: []",
        safe="Bring it back until that day. The sunset may be moved later, never earlier.",
        source="RFC 8594: the `Sunset` date is when a resource is expected to become unresponsive.",
        reverse="parameter-added",
    ),
    Rule(
        id="lifecycle-unreadable",
        effect=Effect.REPLACES,
        summary="A lifecycle mark cannot be read, so nothing can be planned by it.",
        message="the lifecycle value {after} cannot be read",
        why="Whoever reads the contract to learn until when something works, people and `treaty can-remove` alike.",
        before="x-lifecycle:\n  sunset: '2027-06-30'",
        after="x-lifecycle:\n  sunset: end of June",
        safe="Write dates as YYYY-MM-DD and versions as in `info.version`.",
        source="docs/governance.md, Lifecycle.",
    ),
)
