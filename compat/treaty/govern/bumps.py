"""The declared version against what the changes need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.govern.outcome import Severity
from treaty.govern.rules import problem
from treaty.govern.versions import Bump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.govern.comparison import Comparison
    from treaty.govern.outcome import Problem
    from treaty.govern.policy import Versioning


def bump_problems(comparison: Comparison, versioning: Versioning) -> Iterator[Problem]:
    """What is wrong with the declared version by itself; changes that break are told one by one, not here."""
    judgement, version = comparison.judgement, comparison.revision.version
    location = comparison.revision.version_location
    if judgement.declared is Bump.LOWERED:
        yield problem(
            "version-lowered",
            f"the version went from {comparison.base.version} down to {version}",
            location,
            f"declare {judgement.required_version or comparison.base.version}",
        )
    elif judgement.required is Bump.MAJOR:
        return
    elif judgement.declared is Bump.NONE and judgement.required is not Bump.NONE:
        if versioning.unraised != "off":
            docs = judgement.required is Bump.PATCH
            yield problem(
                "version-not-raised",
                f"the contract changed and its version is still {version}",
                location,
                f"declare {judgement.required_version}",
                severity=Severity.ERROR if versioning.unraised == "error" and not docs else Severity.WARNING,
            )
    elif judgement.sufficient is False:
        yield problem(
            "bump-insufficient",
            f"{version} declares a {judgement.declared} and the changes need a {judgement.required}",
            location,
            f"declare {judgement.required_version}",
        )
