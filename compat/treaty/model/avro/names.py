"""Avro names: their grammar, and how a short name becomes a full one (Avro 1.12, section "Names")."""

from __future__ import annotations

import re

__all__ = ["NAME", "NAMESPACE", "enclosing_namespace", "qualified", "short_name"]

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
NAMESPACE = re.compile(r"(?:[A-Za-z_][A-Za-z0-9_]*)(?:\.[A-Za-z_][A-Za-z0-9_]*)*")


def qualified(name: str, namespace: str) -> str:
    """The full name of ``name`` inside ``namespace`` (``""`` is the null namespace); with a dot it is full already."""
    return name if "." in name or not namespace else f"{namespace}.{name}"


def enclosing_namespace(full: str) -> str:
    """The namespace of a full name, ``""`` for the null namespace."""
    return full.rpartition(".")[0]


def short_name(full: str) -> str:
    """The unqualified name: the part after the last dot."""
    return full.rpartition(".")[2]
