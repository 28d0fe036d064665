"""Every report format held against its schema, or read by a parser other than ours, for all kinds of results."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from junitparser import Error, Failure, JUnitXml, Skipped
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as SarifLog
from tests.integration.governance.scratch import Scratch

import treaty
from treaty.documents.library import Library
from treaty.documents.source import TextSource
from treaty.govern.lint.document import LintContext
from treaty.govern.lint.engine import Linter
from treaty.govern.policy import load_policy
from treaty.report.formats import FORMATS, render
from treaty.report.json import report_schema

if TYPE_CHECKING:
    from treaty.report.formats import Reportable

# What a contract may say to break out of a report.
HOSTILE = "</script><img src=x onerror=alert(1)> | `code` @everyone ]]> %0A::error::owned \\x00\\x1b[31m \\U0001F600"
POLICY = """\
edition: "2026.1"
contracts:
  api: {path: "api/v*/openapi.yaml", owner: "@platform"}
  events: {path: "events/*.avsc"}
frozen: ["**/*_id"]
"""
API = """\
openapi: 3.1.0
info: {{title: Bets, version: {version}}}
paths:
  /v1/bets:
    post:
      operationId: placeBet
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: {required}
              properties:
                bet_id: {{type: {id}}}
                stake: {{type: number}}
                "{hostile}": {{type: {odd}}}
      responses:
        "200":
          description: ok
          content: {{application/json: {{schema: {{enum: {states}}}}}}}
"""
BEFORE = API.format(
    version="1.0.0", required="[bet_id]", id="string", hostile=HOSTILE, odd="string", states="[open, won]"
)
AFTER = API.format(
    version="1.1.0",
    required="[bet_id, stake]",
    id="integer",
    hostile=HOSTILE,
    odd="integer",
    states="[open, won, lost]",
)
EVENT = '{"type": "record", "name": "Bet", "fields": [{"name": "id", "type": "string"}]}'
WAIVER = """\
id: W-0001
contract: api
fingerprints: [{fingerprint}]
created: 2026-01-05
owner: "@platform"
reason: "The one caller <b>moves</b> tomorrow | agreed by mail"
expires: 2026-02-01
"""
# GitLab publishes no schema: this is its table "Code quality report format".
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "additionalProperties": False,
                "properties": {
                    "path": {"type": "string", "pattern": "^[^./][^:]*$"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "additionalProperties": False,
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


@pytest.fixture(scope="module")
def subjects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reportable]:
    """Everything that can be reported: what blocks, what is clean, comparisons and lint runs of both kinds."""
    scratch = Scratch(tmp_path_factory.mktemp("reports"), POLICY)
    scratch.write("api/v1/openapi.yaml", BEFORE)
    scratch.write("events/bet.avsc", EVENT)
    scratch.commit(tag="v1.0.0")
    clean = scratch.check()
    scratch.write("api/v1/openapi.yaml", AFTER)
    scratch.write("events/bet.avsc", EVENT[:-1])
    (waived,) = [each for each in scratch.check().contracts[0].changes if each.rule == "enum-value-added"]
    scratch.write(".treaty/waivers/W-0001.yaml", WAIVER.format(fingerprint=waived.fingerprint))
    blocked = scratch.check()
    files = {"api/v1/openapi.yaml": AFTER.encode(), "events/bet.avsc": EVENT[:-1].encode()}
    context = LintContext(
        load_policy(scratch.root / "treaty.yaml"), Library(TextSource(files)), sorted(files), "", scratch.today
    )
    empty = LintContext(load_policy(scratch.root / "treaty.yaml"), Library(TextSource({})), [], "", scratch.today)
    return {
        "blocked": blocked,
        "clean": clean,
        "compared": treaty.diff(yaml.safe_load(BEFORE), yaml.safe_load(AFTER), format="openapi"),
        "identical": treaty.diff(yaml.safe_load(BEFORE), yaml.safe_load(BEFORE), format="openapi"),
        "linted": Linter(context).run(),
        "lint-clean": Linter(empty).run(),
    }


SUBJECTS = ("blocked", "clean", "compared", "identical", "linted", "lint-clean")


def test_there_is_something_of_every_kind_to_report(subjects: dict[str, Reportable]) -> None:
    told = json.loads(render("json", subjects["blocked"]))
    (api, events) = told["contracts"]

    assert {change["level"] for change in api["changes"]} >= {"breaking"}
    assert [each["waiver"] for each in api["waived"]] == ["W-0001"]
    assert any(change["witness"] for change in api["changes"])
    assert events["error"]
    assert HOSTILE[:20] in render("json", subjects["blocked"])


@pytest.mark.parametrize("name", SUBJECTS)
def test_sarif_is_valid_by_its_schema(subjects: dict[str, Reportable], name: str) -> None:
    # The models come from a draft of the schema, in which the member that became `status` was still `state`.
    drafted = render("sarif", subjects[name]).replace('"status": "accepted"', '"state": "accepted"')

    log = SarifLog.model_validate_json(drafted)

    (run,) = log.runs
    rules = run.tool.driver.rules or []
    for result in run.results or []:
        assert result.ruleId == rules[result.ruleIndex].id
        (place,) = result.locations
        assert place.physicalLocation.region.startLine >= 1
        assert result.partialFingerprints
    assert bool(run.results) == (name in ("blocked", "compared", "linted"))


def test_sarif_tells_what_was_waived_and_what_could_not_be_read(subjects: dict[str, Reportable]) -> None:
    (run,) = json.loads(render("sarif", subjects["blocked"]))["runs"]

    (suppressed,) = [each for each in run["results"] if each.get("suppressions")]
    assert suppressed["ruleId"] == "enum-value-added"
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in invocation["toolExecutionNotifications"]
    ] == ["events/bet.avsc"]


@pytest.mark.parametrize("name", SUBJECTS)
def test_junit_is_read_by_another_parser(subjects: dict[str, Reportable], name: str) -> None:
    suites = JUnitXml.fromstring(render("junit", subjects[name]).encode())

    cases = [(type(case.result[0]) if case.result else None) for suite in suites for case in suite]
    assert suites.tests == len(cases) >= 1
    assert suites.failures == cases.count(Failure)
    assert suites.errors == cases.count(Error)
    expected = {
        "blocked": {Failure, Error, Skipped},
        "compared": {Failure},
        "linted": {Failure, Error},
    }
    assert {case for case in cases if case} == expected.get(name, set())


@pytest.mark.parametrize("name", SUBJECTS)
def test_gitlab_has_the_members_gitlab_reads(subjects: dict[str, Reportable], name: str) -> None:
    issues = json.loads(render("gitlab", subjects[name]))

    jsonschema.validate(issues, GITLAB)
    fingerprints = [issue["fingerprint"] for issue in issues]
    assert len(fingerprints) == len(set(fingerprints))
    assert bool(issues) == (name in ("blocked", "compared", "linted"))


@pytest.mark.parametrize("name", SUBJECTS)
def test_github_annotations_are_whole_and_few(subjects: dict[str, Reportable], name: str) -> None:
    lines = render("github", subjects[name]).splitlines()

    assert len(lines) <= 10
    command = re.compile(r"::(error|warning) (?:file=[^,:\r\n]+,line=\d+,col=\d+,)?title=[^,:\r\n]+::[^\r\n]+")
    for line in lines:
        assert command.fullmatch(line), line
    severities = [line[2:].split(" ")[0] for line in lines]
    assert severities == sorted(severities), "errors come before warnings"


@pytest.mark.parametrize("name", [name for name in SUBJECTS if not name.startswith("lint")])
def test_json_is_valid_by_the_published_schema(subjects: dict[str, Reportable], name: str) -> None:
    jsonschema.Draft202012Validator(report_schema()).validate(json.loads(render("json", subjects[name])))


class Page(HTMLParser):
    """The elements of a page, and whether each that was opened was closed."""

    VOID = frozenset({"meta", "input", "br", "line", "rect", "img", "link"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", SUBJECTS)
def test_html_is_one_well_formed_page_that_loads_nothing(subjects: dict[str, Reportable], name: str) -> None:
    page = Page(render("html", subjects[name]))

    assert page.open == []
    tags = [tag for tag, _ in page.tags]
    assert not {"img", "link", "iframe", "object"} & set(tags), "nothing a contract says becomes an element"
    assert tags.count("script") == 1
    assert tags.count("h1") == 1
    for _, attributes in page.tags:
        assert "src" not in attributes
        assert not any(each.startswith("on") for each in attributes)
    (policy,) = [each["content"] for _, each in page.tags if each.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    names = {each.get("name") for _, each in page.tags}
    articles = tags.count("article")
    assert ({"words", "contract", "level"} <= names) == bool(articles), "what is there can be filtered"


@pytest.mark.parametrize("name", SUBJECTS)
def test_markdown_fits_a_comment_and_says_only_what_treaty_says(subjects: dict[str, Reportable], name: str) -> None:
    text = render("markdown", subjects[name])

    assert text.startswith("<!-- treaty:")
    assert len(text) <= 65_536
    bare = re.sub(r"(`+).*?\1", "", text)
    assert not re.search(r"(?<!\\)<(?!!--|/?(?:details|summary|sub|br)\b)", bare)
    assert not re.search(r"(?<![\\\w])@\w", bare), "nobody is mentioned"
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table


def test_a_thousand_changes_stay_within_every_limit() -> None:
    def api(kind: str) -> dict[str, Any]:
        fields = {f"field_{index}": {"type": kind} for index in range(1000)}
        schema = {"type": "object", "properties": fields}
        body = {"required": True, "content": {"application/json": {"schema": schema}}}
        operation = {"requestBody": body, "responses": {"200": {"description": "ok"}}}
        return {
            "openapi": "3.1.0",
            "info": {"title": "Wide", "version": "1.0.0"},
            "paths": {"/v1/wide": {"post": operation}},
        }

    compared = treaty.diff(api("string"), api("integer"), format="openapi")

    assert len(compared.changes) >= 1000
    assert len(render("markdown", compared)) <= 65_536
    annotations = render("github", compared).splitlines()
    assert len(annotations) == 10
    assert "991 more" in annotations[-1]


def test_every_format_is_tried_here() -> None:
    assert set(FORMATS) == {"json", "markdown", "html", "sarif", "junit", "github", "gitlab"}
