"""A contract that is new has nothing to be compared with, and is read all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Scratch

POLICY = """\
contracts:
  api: {path: new.yaml}
  events: {path: "*.avsc"}
  webhooks: {path: "*.schema.json"}
  wallet: {path: "*.proto"}
"""
DRAFT = '"$schema": "https://json-schema.org/draft/2020-12/schema"'
RECORD = '{"type": "record", "name": "Paid", "fields": [{"name": "amount", '
ASYNCAPI = "asyncapi: 3.0.0\ninfo: {title: T, version: 1.0.0}\n"
MESSAGE = """\
channels:
  paid:
    address: paid
    messages:
      paid:
        payload:
          schemaFormat: application/vnd.apache.avro+json;version=1.9.0
          schema: {type: record, name: Paid, fields: [{name: amount, type: int, default: x}]}
operations:
  paid: {action: send, channel: {$ref: "#/channels/paid"}}
"""
OPENAPI = "openapi: 3.1.0\ninfo: {title: T, version: 1.0.0}\n"


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        ("new.yaml", f"{OPENAPI}paths: {{/a: {{$ref: nowhere.yaml}}}}\n", "new.yaml:3:14: the reference"),
        ("new.yaml", f"{ASYNCAPI}channels: {{a: {{$ref: '#/components/channels/a'}}}}\n", "new.yaml:3:16: the ref"),
        ("new.yaml", f"{ASYNCAPI}operations: {{a: {{action: shout}}}}\n", "new.yaml:3:"),
        ("new.yaml", f"{ASYNCAPI}{MESSAGE}", "the default of Paid.amount is invalid"),
        ("paid.avsc", f'{RECORD}"type": "int", "default": "x"}}]}}', "paid.avsc:1:81: the default of Paid.amount"),
        ("paid.avsc", f'{RECORD}"type": "Money"}}]}}', "paid.avsc:1:66: nothing defines the type Money"),
        ("paid.schema.json", f'{{{DRAFT}, "type": "strin"}}', "paid.schema.json:1:61: `type` of JSON Schema 2020-12"),
        ("paid.schema.json", f'{{{DRAFT}, "$ref": "nowhere.json"}}', "paid.schema.json:1:61: the reference"),
        ("paid.proto", 'syntax = "proto3";\nmessage Paid { Money amount = 1; }\n', 'paid.proto:2:16: "Money" is not'),
    ],
)
def test_what_cannot_be_read_is_told(scratch: Scratch, path: str, text: str, says: str) -> None:
    scratch.write("treaty.yaml", POLICY)
    scratch.write(path, text)

    ran = scratch.treaty("check")

    assert ran.code == 3, ran.out
    assert says in ran.out
    assert "1 not checked" in ran.out
    assert "nothing breaking" not in ran.out
