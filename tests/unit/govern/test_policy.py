"""`treaty.yaml`: what is accepted, and where a mistake is pointed at."""

from __future__ import annotations

from pathlib import Path

import pytest

from treaty.changes.change import Level
from treaty.errors import PolicyError
from treaty.govern.compatibility import Mode
from treaty.govern.policy import Policy, find_policy, load_policy, read_policy

REPOSITORY = Path(__file__).parents[3]


def read(text: str) -> Policy:
    return read_policy(text.encode(), Path("/repo/treaty.yaml"))


def test_the_policy_of_this_repository_is_read() -> None:
    policy = load_policy(REPOSITORY / "treaty.yaml")

    assert policy.contracts["provider-api"].owner == "@platform-wallet"
    assert policy.contracts["events"].mode is Mode.FULL_TRANSITIVE
    assert policy.lifecycle.min_notice_days == 180
    assert policy.versioning.major == "new-path"


def test_what_is_left_out_has_a_default() -> None:
    policy = read("contracts: {a: {path: a.yaml}}")

    assert policy.edition == "2026.1"
    assert policy.contracts["a"].paths == ("a.yaml",)
    assert policy.waivers == ".treaty/waivers"
    assert policy.remote_hosts == ()


def test_levels_of_a_contract_stand_over_those_of_the_policy() -> None:
    policy = read(
        "contracts: {a: {path: a.yaml, rules: {parameter-removed: breaking}}}\n"
        "rules: {parameter-removed: 'off', enum-value-added@writes: breaking}\n"
    )

    assert policy.levels_for(policy.contracts["a"]) == {
        "parameter-removed": Level.BREAKING,
        "enum-value-added@writes": Level.BREAKING,
    }
    assert policy.levels_for(None)["parameter-removed"] is None


@pytest.mark.parametrize(
    ("text", "line", "column", "problem", "advice"),
    [
        ("contract: {}\n", 1, 1, "unknown key `contract`", "did you mean `contracts`?"),
        ("contracts:\n  a: {pth: a.yaml}\n", 2, 7, "unknown key `pth`", "did you mean `path`?"),
        ("contracts: {}\nversioning: {mayor: x}\n", 2, 14, "unknown key `mayor`", "did you mean `major`?"),
        ("contracts: {}\nedition: '1999'\n", 2, 1, '"1999" is not', None),
        ("contracts: {a: {path: a, mode: BACKWARDS}}\n", 1, 26, "is not one of", None),
        ("contracts: {}\nrules: {no-such-rule: risky}\n", 2, 9, "no rule is called `no-such-rule`", "treaty rules"),
        ("contracts: {}\nrules: {type-narowed: risky}\n", 2, 9, "no rule is called", "did you mean `type-narrowed`?"),
        ("contracts: {}\nrules: {type-narrowed@read: risky}\n", 2, 9, "neither `@reads` nor `@writes`", None),
        ("contracts: {a: {path: a}}\nlifecycle: {min_notice: 6 months}\n", 2, 13, "does not match", None),
        ("- a\n", 1, 1, "is not of type", None),
        ("a: b: c\n", 1, None, "", None),
        ("contracts: {}\ncontracts: {}\n", 2, 1, "contracts", None),
    ],
)
def test_a_mistake_is_told_with_its_place(
    text: str, line: int, column: int | None, problem: str, advice: str | None
) -> None:
    with pytest.raises(PolicyError) as caught:
        read(text)

    error = caught.value
    assert problem in error.problem
    assert error.exit_code == 2
    assert error.location is not None
    assert error.location.file == "/repo/treaty.yaml"
    assert error.location.line == line
    if column is not None:
        assert error.location.column == column
    if advice is not None:
        assert advice in str(error)


def test_the_nearest_policy_upwards_is_found(tmp_path: Path) -> None:
    (tmp_path / "treaty.yaml").write_text("contracts: {}")
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)

    assert find_policy(inner) == tmp_path / "treaty.yaml"
