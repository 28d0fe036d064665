"""Replies: what comes back, and where to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.asyncapi.messages import check_messages, compare_messages
from treaty.changes.change import Effect
from treaty.model.schema.shape import Origin

if TYPE_CHECKING:
    from treaty.changes.asyncapi.scope import Scope
    from treaty.model.asyncapi.nodes import Operation, Reply


def compare_replies(scope: Scope, site: str, old: Operation, new: Operation) -> None:
    """Record what changed in the reply of one operation; its messages travel the other way."""
    before, after = old.reply, new.reply
    standing = old.action.standing
    if before is None and after is None:
        return
    if before is None or after is None:
        if after is not None:
            check_messages(scope, after.messages)
        rule, effect = ("reply-added", Effect.NONE) if before is None else ("reply-removed", Effect.REPLACES)
        places = (
            before.node if before else Origin(old.node, "reply"),
            after.node if after else Origin(new.node, "reply"),
        )
        scope.fact(f"{site} reply", standing, rule, effect, *places)
        return
    was, now = _where(before), _where(after)
    if was != now:
        rule, effect = ("address-set", Effect.NONE) if was is None else ("reply-address-changed", Effect.REPLACES)
        scope.fact(f"{site} reply", standing, rule, effect, before.node, after.node, was, now)
    compare_messages(
        scope,
        f"{site} reply",
        old.action.flipped(),
        list(before.messages),
        list(after.messages),
        before.node,
        after.node,
    )


def _where(reply: Reply) -> str | None:
    """The expression that gives the address, or the address of the channel; None where neither says."""
    if reply.address is not None:
        return reply.address
    return reply.channel.address if reply.channel is not None else None
