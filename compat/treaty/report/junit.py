"""JUnit XML: a test suite per contract, a test case per finding, and a passing one where there is none."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from treaty.govern.lint.outcome import LintOutcome
from treaty.govern.outcome import RunOutcome
from treaty.report.entries import Entry, Rank, entries, example, plural

if TYPE_CHECKING:
    from treaty.report.formats import Reportable

# What XML 1.0 cannot hold, not even escaped (section 2.2).
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(subject: Reportable) -> str:
    """A report that is valid when everything is fine, too.

    Errors of a run are failures, waived changes skipped tests, contracts that could not be read errors; warnings and
    notes are told in the output of the passing case.
    """
    suites = ElementTree.Element("testsuites", name="treaty")
    told = {name: list(group) for name, group in groupby(sorted(entries(subject), key=_contract), key=_contract)}
    for name, path in _contracts(subject):
        told.setdefault(name, [])
        _suite(suites, name, path, told.pop(name))
    for name, found in told.items():
        _suite(suites, name, found[0].path, found)
    seconds = getattr(subject, "seconds", 0.0)
    totals = {key: str(sum(int(suite.get(key, "0")) for suite in suites)) for key in ("tests", "failures", "errors")}
    suites.attrib.update(totals, time=f"{seconds:.3f}")
    ElementTree.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(suites, "unicode")}\n'


def _contract(entry: Entry) -> str:
    return entry.contract


def _contracts(subject: Reportable) -> list[tuple[str, str]]:
    """Every contract that was looked at, and one of its files."""
    if isinstance(subject, RunOutcome):
        listed = {outcome.name: outcome.path for outcome in reversed(subject.contracts)}
        return sorted(listed.items()) or [("unchanged", plural(subject.unchanged, "contract"))]
    if isinstance(subject, LintOutcome):
        return [] if subject.findings or subject.unread else [("lint", plural(subject.documents, "document"))]
    return [(subject.revision.source, subject.revision.source)]


def _suite(suites: ElementTree.Element, name: str, path: str, found: list[Entry]) -> None:
    suite = ElementTree.SubElement(suites, "testsuite", name=_clean(name))
    failures = [entry for entry in found if entry.rank is Rank.ERROR and not entry.unchecked]
    unchecked = [entry for entry in found if entry.unchecked]
    waived = [entry for entry in found if entry.waived is not None]
    others = [entry for entry in found if entry.rank is not Rank.ERROR and entry.waived is None]
    for entry in (*failures, *unchecked):
        case = _case(suite, entry)
        kind = ElementTree.SubElement(case, "error" if entry.unchecked else "failure")
        kind.set("message", _clean(entry.message))
        kind.set("type", entry.rule)
        kind.text = _clean(_details(entry))
    for entry in waived:
        assert entry.waived is not None
        reason = f"{entry.waived.waiver}, {entry.waived.owner}, until {entry.waived.expires}: {entry.waived.reason}"
        ElementTree.SubElement(_case(suite, entry), "skipped", message=_clean(reason))
    if not failures and not unchecked:
        case = ElementTree.SubElement(suite, "testcase", name="compatible", classname=_clean(name), file=_clean(path))
        case.set("time", "0")
        if others:
            output = ElementTree.SubElement(case, "system-out")
            output.text = _clean("\n".join(f"{entry.label}  {entry.element}: {entry.message}" for entry in others))
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(failures)))
    suite.set("errors", str(len(unchecked)))
    suite.set("skipped", str(len(waived)))
    suite.set("time", "0")


def _case(suite: ElementTree.Element, entry: Entry) -> ElementTree.Element:
    return ElementTree.SubElement(
        suite,
        "testcase",
        name=_clean(f"{entry.rule}: {entry.element}"),
        classname=_clean(entry.contract),
        file=_clean(entry.path),
        line=str(entry.line),
        time="0",
    )


def _details(entry: Entry) -> str:
    lines = [f"{entry.path}:{entry.line}:{entry.column}", f"{entry.element}: {entry.message}"]
    if entry.witness is not None:
        lines += [f"now refused: {example(entry.witness)}", f"  {entry.witness.reason}"]
    return "\n".join([*lines, *entry.advice, f"treaty explain {entry.rule}"])


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
