"""Reading versions out of a registry, with everything they refer to."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from treaty.errors import UsageError
from treaty_registry.names import parse_subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treaty_registry.client.model import VersionEntry
    from treaty_registry.client.registry import RegistryClient


def pulled(client: RegistryClient, subjects: Sequence[str]) -> list[VersionEntry]:
    """The versions called ``subjects`` (``name`` for the latest, or ``name@3``), all subjects when none is named.

    Referred versions are included, each subject once, sorted by subject. Raises UsageError for a version that is no
    number or two versions of one subject, and RegistryError for what the registry does not hold.
    """
    waiting: deque[tuple[str, int | None]] = deque(map(_wanted, subjects or client.subjects()))
    found: dict[str, VersionEntry] = {}
    while waiting:
        subject, number = waiting.popleft()
        version = client.latest(subject) if number is None else client.version(subject, number)
        known = found.get(version.subject)
        if known is not None:
            if known.version != version.version:
                raise UsageError(
                    f"{version.subject} is wanted in the versions {known.version} and {version.version}",
                    advice="pull them into different folders",
                )
            continue
        found[version.subject] = version
        context = parse_subject(version.subject).context
        waiting.extend(
            (reference.target(context).qualified, reference.version) for reference in version.schema.references
        )
    return [found[subject] for subject in sorted(found)]


def _wanted(written: str) -> tuple[str, int | None]:
    subject, at, number = written.rpartition("@")
    if not at:
        return written, None
    if not number.isdecimal():
        raise UsageError(f"{written!r} asks for no version", advice="write SUBJECT@3, or SUBJECT for the latest")
    return subject, int(number)
