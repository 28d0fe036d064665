"""Fixtures of the registry's unit tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.registry.small_registry import SmallRegistry

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def registry() -> Iterator[SmallRegistry]:
    """A registry without anything in it."""
    small = SmallRegistry()
    yield small
    small.close()
