"""Rules about Avro schemas, by what they are about."""

from __future__ import annotations

from treaty.changes.rules.avro import enums, fields, meanings, names, types

RULES = (*types.RULES, *names.RULES, *fields.RULES, *enums.RULES, *meanings.RULES)
