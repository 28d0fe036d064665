"""`treaty check` in a scratch repository: what it compares, what it lets through, what it blocks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Scratch

MAIN = "contracts/pets/v1/openapi.yaml"
SCHEMA = "contracts/pets/v1/schemas/pet.yaml"
RAISED = ("version: 1.0.0", "version: 1.1.0")


def outcome(scratch: Scratch, *arguments: str) -> dict[str, object]:
    ran = scratch.treaty("check", "--format", "json", *arguments)
    report = json.loads(ran.out)
    assert ran.code == (1 if report["blocked"] else 0), ran.err
    assert len(report["contracts"]) == 1
    contract: dict[str, object] = report["contracts"][0]
    return contract


def test_nothing_changed_is_one_line(scratch: Scratch) -> None:
    ran = scratch.treaty("check")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("1 contract, nothing breaking · against merge-base ")


@pytest.mark.parametrize(
    ("old", "new", "raise_version", "blocked", "verdict", "required"),
    [
        ("minimum: 0", "minimum: 0\n  color: {type: string}", True, False, "compatible", "minor"),
        ("minimum: 0", "minimum: 0\n  color: {type: string}", False, True, "compatible", "minor"),
        ("maxLength: 40", "maxLength: 20", True, True, "breaking", "major"),
        ("maxLength: 40", "maxLength: 40, description: What it is called.", False, False, "compatible", "patch"),
        ("required: [name]", "required: [name, age]", True, True, "breaking", "major"),
        ("type: object", "type: object  # a comment", False, False, "identical", "none"),
    ],
)
def test_a_change_in_a_referenced_file_is_judged(
    scratch: Scratch, old: str, new: str, raise_version: bool, blocked: bool, verdict: str, required: str
) -> None:
    scratch.edit(SCHEMA, old, new)
    if raise_version:
        scratch.edit(MAIN, *RAISED)

    contract = outcome(scratch)

    assert (contract["blocked"], contract["verdict"], contract["required_bump"]) == (blocked, verdict, required)


def test_a_finding_points_into_the_file_that_holds_the_element(scratch: Scratch) -> None:
    scratch.edit(SCHEMA, "minimum: 0", "minimum: 1")
    scratch.edit(MAIN, *RAISED)

    (change,) = outcome(scratch)["changes"]  # type: ignore[misc]  # a list in JSON

    assert change["rule"] == "minimum-raised"
    assert change["element"] == "POST /v1/pets request application/json $.age"
    assert (change["revision"]["file"], change["revision"]["line"], change["revision"]["column"]) == (SCHEMA, 7, 5)
    assert change["base"]["line"] == 7
    assert change["witness"]["value"]["age"] == 0
    assert (change["witness"]["accepted_by"], change["witness"]["refused_by"]) == ("base", "revision")


def test_only_named_contracts_are_checked_and_a_typo_is_told(scratch: Scratch) -> None:
    scratch.edit(SCHEMA, "maxLength: 40", "maxLength: 20")

    assert scratch.treaty("check", "pets").code == 1
    unknown = scratch.treaty("check", "pet")

    assert unknown.code == 2
    assert "did you mean pets?" in unknown.err


def test_a_break_allowed_on_the_branch_is_told_against_the_merge_base_and_not_against_head(scratch: Scratch) -> None:
    scratch.edit(SCHEMA, "maxLength: 40", "maxLength: 20")
    scratch.commit()

    assert scratch.treaty("check").code == 1
    assert scratch.treaty("check", "--against", "HEAD").code == 0
    assert scratch.treaty("check", "--against", "main").code == 1


def test_against_the_last_release(scratch: Scratch) -> None:
    scratch.git("tag", "v1.0.0", "main")
    scratch.edit(SCHEMA, "maxLength: 40", "maxLength: 20")
    scratch.commit()

    ran = scratch.treaty("check", "--against", "release")

    assert ran.code == 1
    assert "against release v1.0.0" in ran.out


def test_staged_is_what_would_be_committed(scratch: Scratch) -> None:
    scratch.edit(SCHEMA, "maxLength: 40", "maxLength: 20")

    assert scratch.treaty("check", "--staged").code == 0
    scratch.git("add", "--all")
    assert scratch.treaty("check", "--staged").code == 1
    scratch.edit(SCHEMA, "maxLength: 20", "maxLength: 40")
    assert scratch.treaty("check", "--staged").code == 1
    assert scratch.treaty("check").code == 0


def test_a_contract_that_moved_is_still_the_same(scratch: Scratch) -> None:
    scratch.edit("treaty.yaml", "contracts/pets/v*", "contracts/*/v*")
    scratch.commit()
    scratch.git("mv", "contracts/pets", "contracts/animals")

    contract = outcome(scratch)

    assert (contract["path"], contract["verdict"]) == ("contracts/animals/v1/openapi.yaml", "identical")


def test_a_contract_split_into_files_says_the_same(scratch: Scratch) -> None:
    scratch.write("contracts/pets/v1/paths.yaml", "post: {}\n")
    text = (scratch.root / MAIN).read_text()
    head, _, rest = text.partition("    post:\n")
    indented = "    post:\n" + rest
    scratch.write("contracts/pets/v1/paths.yaml", "\n".join(line[4:] for line in indented.splitlines()) + "\n")
    scratch.write(MAIN, head + "    $ref: paths.yaml\n")

    assert outcome(scratch)["verdict"] == "identical"


def test_a_new_contract_is_read_and_let_through(scratch: Scratch) -> None:
    scratch.write("contracts/pets/v2/openapi.yaml", "openapi: 3.1.0\ninfo: {title: Pets, version: 2.0.0}\npaths: {}\n")

    contract = outcome(scratch)

    assert (contract["state"], contract["blocked"]) == ("new", False)


def test_a_removed_contract_blocks(scratch: Scratch) -> None:
    (scratch.root / MAIN).unlink()

    contract = outcome(scratch)

    assert (contract["state"], contract["blocked"]) == ("removed", True)
    assert contract["problems"][0]["rule"] == "contract-removed"  # type: ignore[index]  # a list in JSON


def test_a_major_belongs_into_a_folder_of_its_own(scratch: Scratch) -> None:
    scratch.edit(SCHEMA, "maxLength: 40", "maxLength: 20")
    scratch.edit(MAIN, "version: 1.0.0", "version: 2.0.0")

    contract = outcome(scratch)

    assert contract["blocked"] is True
    assert "major-outside-its-folder" in [problem["rule"] for problem in contract["problems"]]  # type: ignore[attr-defined]


def test_in_place_majors_are_allowed_where_the_policy_says_so(scratch: Scratch) -> None:
    scratch.edit("treaty.yaml", "new-path", "in-place")
    scratch.edit(SCHEMA, "maxLength: 40", "maxLength: 20")
    scratch.edit(MAIN, "version: 1.0.0", "version: 2.0.0")

    contract = outcome(scratch)

    assert (contract["blocked"], contract["sufficient"]) == (False, True)


def test_one_unreadable_contract_does_not_hide_the_others(scratch: Scratch) -> None:
    scratch.write("contracts/pets/v2/openapi.yaml", "openapi: 3.1.0\ninfo: {title: Pets, version: 2.0.0}\npaths: {}\n")
    scratch.commit()
    scratch.git("branch", "--force", "main")
    scratch.edit(SCHEMA, "maxLength: 40", "maxLength: 20")
    scratch.write("contracts/pets/v2/openapi.yaml", "openapi: 3.1.0\n  info: broken\n")

    ran = scratch.treaty("check")

    assert ran.code == 3
    assert "contracts/pets/v2/openapi.yaml:2:" in ran.out
    assert "max-length-lowered" in ran.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("check", "--against", "nowhere"), 3, "nowhere"),
        (("check", "--format", "pdf"), 2, "no report format 'pdf'"),
        (("check", "--format", "text", "--format", "json"), 2, "two reports go to standard output"),
        (("check", "--config", "missing.yaml"), 2, "missing.yaml"),
        (("chekc",), 2, "Did you mean `check`?"),
        (("explain", "type-narowed"), 2, "did you mean type-narrowed"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_exit_code(
    scratch: Scratch, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ran = scratch.treaty(*arguments)

    assert ran.code == code
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_without_a_repository(scratch: Scratch) -> None:
    scratch.run("rm", "-rf", ".git")

    ran = scratch.treaty("check")

    assert ran.code == 3
    assert "no git repository" in ran.err


def test_before_the_first_commit_everything_is_new(scratch: Scratch) -> None:
    scratch.run("rm", "-rf", ".git")
    scratch.git("init", "--quiet")

    assert outcome(scratch)["state"] == "new"


def test_a_shallow_clone_without_the_base_says_what_to_fetch(scratch: Scratch) -> None:
    for number in range(3):
        scratch.write("README", str(number))
        scratch.commit()
    scratch.git("checkout", "--quiet", "main")
    clone = scratch.root.parent / "clone"
    scratch.git("clone", "--quiet", "--depth", "1", "--branch", "next", f"file://{scratch.root}", str(clone))
    scratch.run("git", "-C", str(clone), "fetch", "--quiet", "--depth", "1", "origin", "main:refs/remotes/origin/main")

    ran = scratch.treaty("check", cwd=clone)

    assert ran.code == 3
    assert "git fetch --unshallow" in ran.err


def test_several_reports_in_one_run(scratch: Scratch) -> None:
    ran = scratch.treaty("check", "--format", "text", "--format", "json=reports/run.json")

    assert ran.code == 0
    assert json.loads((scratch.root / "reports/run.json").read_text())["schema"] == 1
    assert "nothing breaking" in ran.out
