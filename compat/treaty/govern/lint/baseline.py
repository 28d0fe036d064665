"""The violations there were when somebody began: they are told, and do not block."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from treaty.errors import PolicyError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from treaty.govern.lint.outcome import LintFinding

DEFAULT = ".treaty/lint-baseline.json"


def read_baseline(path: Path) -> dict[str, int]:
    """Fingerprint to how often it may occur; empty where there is no file.

    Raises PolicyError for what is no baseline.
    """
    from treaty.documents.location import Location

    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise PolicyError(f"cannot read {path}: {error.strerror}") from error
    try:
        known = json.loads(text)["known"]
        found: dict[str, int] = {}
        for each in known:
            found[str(each["fingerprint"])] = found.get(str(each["fingerprint"]), 0) + 1
    except (ValueError, KeyError, TypeError) as error:
        raise PolicyError(
            "this is no lint baseline", location=Location(str(path)), advice="treaty lint --write-baseline writes one"
        ) from error
    return found


def write_baseline(path: Path, findings: Iterable[LintFinding]) -> None:
    """Write what is known from now on, one line each, in an order that keeps diffs small."""
    entries = sorted(
        {
            "rule": finding.rule,
            "contract": finding.contract,
            "element": finding.element,
            "fingerprint": finding.fingerprint,
        }.items()
        for finding in findings
    )
    lines = ",\n".join(f"    {json.dumps(dict(entry), ensure_ascii=False)}" for entry in entries)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'{{\n  "known": [\n{lines}\n  ]\n}}\n' if lines else '{"known": []}\n', "utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def split(
    findings: Iterable[LintFinding], baseline: dict[str, int]
) -> tuple[list[LintFinding], list[LintFinding], list[str]]:
    """The findings that are new, those the baseline knows, and the fingerprints of it that are gone."""
    left = dict(baseline)
    new: list[LintFinding] = []
    known: list[LintFinding] = []
    for finding in findings:
        if left.get(finding.fingerprint, 0) > 0:
            left[finding.fingerprint] -= 1
            known.append(finding)
        else:
            new.append(finding)
    return new, known, sorted(fingerprint for fingerprint, count in left.items() for _ in range(count))
