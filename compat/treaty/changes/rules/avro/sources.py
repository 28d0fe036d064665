"""The sections of the Avro specification that the rules follow."""

from __future__ import annotations

_SPECIFICATION = "Avro 1.12.0 specification"
_ADDRESS = "https://avro.apache.org/docs/1.12.0/specification/"

RESOLUTION = f"{_SPECIFICATION}, Schema Resolution: {_ADDRESS}#schema-resolution"
RECORDS = f"{_SPECIFICATION}, Records: {_ADDRESS}#schema-record"
ENUMS = f"{_SPECIFICATION}, Enums: {_ADDRESS}#enums"
UNIONS = f"{_SPECIFICATION}, Unions: {_ADDRESS}#unions"
NAMES = f"{_SPECIFICATION}, Names: {_ADDRESS}#names"
ALIASES = f"{_SPECIFICATION}, Aliases: {_ADDRESS}#aliases"
LOGICAL = f"{_SPECIFICATION}, Logical Types: {_ADDRESS}#logical-types"
SORTING = f"{_SPECIFICATION}, Sort Order: {_ADDRESS}#sort-order"
ATTRIBUTES = f"{_SPECIFICATION}, Schema Declaration: {_ADDRESS}#schema-declaration"
