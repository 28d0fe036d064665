"""Protobuf: .proto texts compiled by protoc into one model, printed back, and their imports.

Each name is loaded when it is first asked for, because the compiler and the runtime of Protobuf are an extra and start
only for Protobuf contracts.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treaty.model.protobuf.canonical import canonical_text, imports, normalized_text, serialized
    from treaty.model.protobuf.parsing import parse, parse_files

__all__ = ["canonical_text", "imports", "normalized_text", "parse", "parse_files", "serialized"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from treaty.model.protobuf.compiler import well_known_types

    well_known_types()  # without the extra: a UsageError that says what to install, not an ImportError
    holder = "parsing" if name.startswith("parse") else "canonical"
    return getattr(importlib.import_module(f"{__name__}.{holder}"), name)
