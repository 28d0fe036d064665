"""`treaty generate`: what it is told in treaty.yaml and on the command line, and what it answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from treaty.cli.failures import run as run_program
from treaty.cli.program import program

if TYPE_CHECKING:
    from pathlib import Path

OPENAPI = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1.0.0"},
    "paths": {
        "/orders": {
            "get": {"operationId": "orders.list", "responses": {"204": {"description": "x"}}},
            "post": {
                "operationId": "orders.import",
                "requestBody": {"content": {"application/xml": {}}},
                "responses": {"204": {"description": "x"}},
            },
        }
    },
    "components": {"schemas": {"Order": {"type": "object", "properties": {"id": {"type": "string"}}}}},
}
POLICY = """\
contracts:
  shop: {path: shop/v*/openapi.json}
  other: {path: other.json}
generate:
  shop:
    python-sdk: {out: "sdk/{contract}-{major}"}
    models: {out: "models/{major}", package: "shop_{major}_models"}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for major in ("v1", "v2"):
        (tmp_path / "shop" / major).mkdir(parents=True)
        (tmp_path / "shop" / major / "openapi.json").write_text(json.dumps(OPENAPI))
    (tmp_path / "treaty.yaml").write_text(POLICY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def treaty(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Treaty:
    return Treaty(capsys, monkeypatch)


class Treaty:
    """Runs the program as a shell would."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        self._monkeypatch.setattr("sys.argv", ["treaty", "generate", *arguments])
        code = run_program(program)
        written = self._capsys.readouterr()
        return code, written.out, written.err


def test_everything_of_treaty_yaml(project: Path, treaty: Treaty) -> None:
    code, out, _ = treaty()
    assert code == 0
    assert [line.split("  ")[:2] for line in out.splitlines() if "→" in line] == [
        ["shop v1 → python-sdk", "sdk/shop-v1"],
        ["shop v2 → python-sdk", "sdk/shop-v2"],
        ["shop v1 → models", "models/v1"],
        ["shop v2 → models", "models/v2"],
    ]
    assert "downgraded  POST /orders (orders.import_): its body, application/xml, is passed as it is" in out
    assert (project / "sdk/shop-v1/src/shop_v1/client.py").is_file()
    assert (project / "models/v2/shop_v2_models/models.py").is_file()


def test_drift(project: Path, treaty: Treaty) -> None:
    assert treaty("--check")[0] == 1
    assert not (project / "sdk").exists()
    assert treaty()[0] == 0
    assert treaty("--check")[0] == 0
    path = project / "sdk/shop-v1/src/shop_v1/errors.py"
    path.write_text(path.read_text() + "# edited\n")
    code, out, err = treaty("--check")
    assert code == 1
    assert "changed     src/shop_v1/errors.py" in out
    assert "run `treaty generate`" in err
    assert "1 of " in treaty("shop", "--target", "python-sdk")[1]
    assert treaty("--check")[0] == 0


def test_a_run_elsewhere_writes_the_same(project: Path, treaty: Treaty, monkeypatch: pytest.MonkeyPatch) -> None:
    treaty()
    monkeypatch.chdir(project / "shop" / "v1")
    assert treaty("--check")[0] == 0
    monkeypatch.chdir("/")
    assert treaty("--check", "--config", str(project / "treaty.yaml"))[0] == 0


def test_the_report_as_json(project: Path, treaty: Treaty) -> None:
    code, out, _ = treaty("--format", "json", "--target", "python-sdk")
    assert code == 0
    first = json.loads(out)[0]
    assert [(each["name"], each["becomes"], each["state"]) for each in first["elements"]] == [
        ("GET /orders", "orders.list", "emitted"),
        ("POST /orders", "orders.import_", "downgraded"),
    ]
    assert {change["change"] for change in first["changes"]} == {"new"}


def test_one_file_without_a_policy(project: Path, treaty: Treaty) -> None:
    (project / "treaty.yaml").unlink()
    arguments = ["shop/v1/openapi.json", "--target", "models", "--out", "made", "--package", "mine"]
    assert treaty(*arguments)[0] == 0
    assert (project / "made/mine/models.py").is_file()


def test_a_contract_of_the_catalogue_beside_its_settings(project: Path, treaty: Treaty) -> None:
    assert treaty("shop", "--target", "models", "--out", "made")[0] == 0
    assert (project / "made/v1/shop_v1/models.py").is_file()
    assert (project / "made/v2/shop_v2/models.py").is_file()
    (project / "other.json").write_text(json.dumps(OPENAPI))
    assert treaty("other", "--target", "models", "--out", "single", "--package", "mine")[0] == 0
    assert (project / "single/mine/models.py").is_file()
    assert not (project / "sdk").exists()


# (treaty.yaml or None for the good one, arguments, exit code, what is said)
REFUSED = [
    (None, ["nobody"], 2, "no contract is called 'nobody'"),
    (None, ["other"], 2, "does not say what to generate from other"),
    (None, ["--target", "events"], 2, "nothing to generate for the target events"),
    (None, ["shop/v1/openapi.json"], 2, "needs --target and --out"),
    (None, ["shop", "--target", "models", "--out", "x", "--package", "p"], 2, "shop has 2 majors"),
    (None, ["shap", "--target", "models", "--out", "x"], 2, "shap is neither a file nor a contract"),
    (None, ["--package", "x"], 2, "--package is for one contract"),
    (None, ["shop/v1/openapi.json", "--target", "models", "--out", "x", "--package", "a b"], 2, "cannot be the name"),
    (None, ["shop/v1/openapi.json", "--target", "events", "--out", "x"], 2, "is openapi, and events are made from"),
    (None, ["treaty.yaml", "--target", "models", "--out", "x"], 3, "no contract of a family Treaty knows"),
    (POLICY.replace("out:", "outt:"), [], 2, "treaty.yaml:6:18"),
    (POLICY.replace("python-sdk:", "rust:"), [], 2, "unknown key `rust`"),
    (
        POLICY.replace("generate:\n  shop", "generate:\n  shopp"),
        [],
        2,
        "treaty.yaml:5:3: no contract is called `shopp`",
    ),
    (POLICY.replace("models/{major}", "sdk/{contract}-{major}/m"), [], 2, "into each other's folder"),
    (POLICY.replace("sdk/{contract}-{major}", "sdk"), [], 2, "into each other's folder"),
    (POLICY.replace("shop/v*", "shap/v*"), [], 2, "no file matches shap/v*/openapi.json"),
    (POLICY.replace("shop_{major}_models", "1x"), [], 2, "treaty.yaml:7:37"),
]


@pytest.mark.parametrize(("policy", "arguments", "code", "said"), REFUSED)
def test_what_is_refused(
    project: Path, treaty: Treaty, policy: str | None, arguments: list[str], code: int, said: str
) -> None:
    if policy is not None:
        (project / "treaty.yaml").write_text(policy)
    found, out, err = treaty(*arguments)
    assert (found, out) == (code, "")
    assert said in err
    assert not list(project.rglob("*.py"))


def test_one_broken_contract_stops_the_whole_run(project: Path, treaty: Treaty) -> None:
    (project / "shop/v2/openapi.json").write_text('{"openapi": "3.1.0", "paths": {')
    code, _, err = treaty()
    assert code == 3
    assert "shop/v2/openapi.json:1" in err
    assert not (project / "sdk").exists()


def test_names_stay_when_the_contract_grows(project: Path, treaty: Treaty) -> None:
    treaty()
    lock = json.loads((project / "sdk/shop-v1/treaty-names.json").read_text())["names"]
    grown = json.loads(json.dumps(OPENAPI))
    grown["paths"]["/orders"]["get"]["operationId"] = "orders.listEverything"
    grown["paths"]["/a"] = {"get": {"operationId": "orders.list", "responses": {"204": {"description": "x"}}}}
    (project / "shop/v1/openapi.json").write_text(json.dumps(grown))
    treaty()
    after = json.loads((project / "sdk/shop-v1/treaty-names.json").read_text())["names"]
    assert after.items() >= lock.items()
    assert after["#/paths/~1a/get"] == "orders.list2"


def test_without_tests(project: Path, treaty: Treaty) -> None:
    import tomllib

    policy = POLICY.replace('sdk: {out: "sdk/{contract}-{major}"}', 'sdk: {out: "sdk/{major}", tests: false}')
    (project / "treaty.yaml").write_text(policy)
    assert treaty("--target", "python-sdk")[0] == 0
    metadata = tomllib.loads((project / "sdk/v1/pyproject.toml").read_text("utf-8"))
    assert not (project / "sdk/v1/tests").exists()
    assert "pytest" not in metadata["tool"]
    assert "optional-dependencies" not in metadata["project"]
    assert "pytest" not in (project / "sdk/v1/README.md").read_text("utf-8")
