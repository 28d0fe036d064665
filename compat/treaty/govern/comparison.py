"""One comparison with its verdict: the changes, the bump they need, and the bump that was declared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from treaty.documents.deferred import DeferredLocation
from treaty.govern.versions import Bump, Judgement, Verdict, judge_versions, verdict_of

if TYPE_CHECKING:
    from treaty.changes.change import Change
    from treaty.changes.comparison import Settings, Side
    from treaty.documents.document import Document
    from treaty.documents.location import Location


@dataclass(frozen=True, slots=True)
class Description:
    """What a document is: where it came from as the user knows it, its format, and the version it declares."""

    source: str
    format: str
    version: str | None
    version_location: Location | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of one contract, compared and judged."""

    base: Description
    revision: Description
    changes: tuple[Change, ...]
    judgement: Judgement

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.changes)

    @property
    def required_bump(self) -> Bump:
        return self.judgement.required

    @property
    def declared_bump(self) -> Bump | None:
        return self.judgement.declared

    @property
    def required_version(self) -> str | None:
        return self.judgement.required_version

    @property
    def sufficient(self) -> bool | None:
        return self.judgement.sufficient


def compare_sides(base: Side, revision: Side, settings: Settings, declared_since: str | None = None) -> Comparison:
    """Compare two documents and judge the versions they declare.

    ``declared_since`` is the version the declared bump counts from, where that is not the one of ``base`` (a commit
    inside a branch that raised the version before).
    """
    from treaty.changes.comparison import compare_documents
    from treaty.documents.collection import collection_paused

    old, new = _by_folder(base.document, revision.document)
    with collection_paused():
        changes = compare_documents(base, revision, settings)
    judgement = judge_versions((change.level for change in changes), declared_since or old.version, new.version)
    return Comparison(old, new, changes, judgement)


def _by_folder(base: Document, revision: Document) -> tuple[Description, Description]:
    """Both descriptions; schemas that name no version are told apart by their `/vN/` folders, where these differ."""
    old, new = describe(base), describe(revision)
    if old.version is None and new.version is None:
        from treaty.govern.pairing import major_folder

        majors = major_folder(base.path), major_folder(revision.path)
        if None not in majors and majors[0] != majors[1]:
            return replace(old, version=f"v{majors[0]}"), replace(new, version=f"v{majors[1]}")
    return old, new


def describe(document: Document) -> Description:
    """Read what a document says about itself. Raises UnsupportedDocument when it is no contract."""
    tree = document.tree
    info = tree.get("info") if isinstance(tree, dict) else None
    version = info.get("version") if isinstance(info, dict) else None
    if isinstance(version, str | int | float) and not isinstance(version, bool):
        place = DeferredLocation(document, ("info", "version"))
        return Description(document.name, document.format.family.value, str(version), place)
    return Description(document.name, document.format.family.value, None)
