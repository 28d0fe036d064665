"""Treaty keeps the contracts between programs honest: compare them, judge the change, prove the verdict.

Importing the package is cheap; the engine is loaded by the first call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty._version import __version__

if TYPE_CHECKING:
    from treaty.api import Comparison, Compatibility, SchemaText, check_compatibility, diff, diff_folders

__all__ = ["Comparison", "Compatibility", "SchemaText", "__version__", "check_compatibility", "diff", "diff_folders"]


def __getattr__(name: str) -> object:
    if name in __all__:
        from treaty import api

        return getattr(api, name)
    raise AttributeError(f"module 'treaty' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
