"""Rules about event contracts around their schemas: operations and addresses, messages, servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.rules.asyncapi import channels, messages, replies, servers

if TYPE_CHECKING:
    from treaty.changes.catalogue import Rule

RULES: tuple[Rule, ...] = (*channels.RULES, *messages.RULES, *replies.RULES, *servers.RULES)
