"""`treaty init`: a policy for what is there, and nothing asked without a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Scratch


def test_the_contracts_of_a_repository_are_found_and_then_checked(scratch: Scratch) -> None:
    (scratch.root / "treaty.yaml").unlink()
    scratch.write("contracts/pets/v2/openapi.yaml", "openapi: 3.1.0\ninfo: {title: Pets, version: 2.0.0}\npaths: {}\n")
    scratch.write("events/order.avsc", '{"type": "record", "name": "Order", "fields": []}')
    scratch.write("events/payment.avsc", '{"type": "record", "name": "Payment", "fields": []}')
    scratch.write("package.json", '{"name": "x", "type": "module"}')
    scratch.commit()

    ran = scratch.treaty("init")

    assert ran.code == 0, ran.err
    text = (scratch.root / "treaty.yaml").read_text()
    assert "path: contracts/pets/v*/openapi.yaml" in text
    assert "path: events/*.avsc" in text
    assert "package.json" not in text
    assert "schemas/pet.yaml" not in text
    assert "versioning: {major: new-path}" in text
    assert scratch.treaty("check").code == 0


def test_a_policy_that_exists_is_kept(scratch: Scratch) -> None:
    before = (scratch.root / "treaty.yaml").read_text()

    ran = scratch.treaty("init")

    assert ran.code == 2
    assert "--force" in ran.err
    assert (scratch.root / "treaty.yaml").read_text() == before


def test_nothing_found_says_what_was_looked_for(scratch: Scratch) -> None:
    scratch.run("rm", "-rf", "contracts", "treaty.yaml")
    scratch.commit()

    ran = scratch.treaty("init")

    assert ran.code == 2
    assert "Treaty looks for OpenAPI" in ran.err
