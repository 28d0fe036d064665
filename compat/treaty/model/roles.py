"""Who reads a value and who writes it, seen from the owner of the contract."""

from __future__ import annotations

import enum


class Role(enum.Flag):
    """What the contract's owner does with values of a schema.

    ``READS``: it receives them (a request, a parameter, an AsyncAPI receive, the reader schema under BACKWARD), so
    every value the old contract allowed must stay allowed. ``WRITES``: it sends them (a response, an AsyncAPI send,
    FORWARD), so every value the new contract allows must have been allowed before. Webhooks, callbacks and replies flip
    the role.
    """

    NONE = 0
    READS = 1
    WRITES = 2
    BOTH = 3

    def flipped(self) -> Role:
        """The role on the other side of a callback, webhook or reply."""
        return Role((self.value & 1) << 1 | (self.value & 2) >> 1)

    def __str__(self) -> str:
        return {0: "none", 1: "reads", 2: "writes", 3: "both"}[self.value]


class Standing(enum.Flag):
    """How a value stands towards whoever is on the other side: the role, and for what is written, what the reader can
    do about it.

    ``REQUEST``: the owner reads it. ``ANSWER``: it is the whole of an answer (a body, a header), so a reader has
    nothing else to hold on to. ``FIELD``: it is one field of an answer or event. ``DELIVERY``: it is sent unasked and
    must be acknowledged (a webhook, a callback); a receiver that refuses it fails the delivery, which is retried and
    lost.
    """

    NONE = 0
    REQUEST = 1
    ANSWER = 2
    FIELD = 4
    DELIVERY = 8
    WRITTEN = 14
    ANY = 15

    @property
    def role(self) -> Role:
        """The role or roles this standing belongs to."""
        reads = Role.READS if Standing.REQUEST in self else Role.NONE
        return reads | (Role.WRITES if self & Standing.WRITTEN else Role.NONE)
