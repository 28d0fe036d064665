"""Working on large trees without the garbage collector walking them."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def collection_paused() -> Iterator[None]:
    """No cyclic garbage collection while a tree grows: it would walk millions of live objects and find nothing."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            if not gc.get_freeze_count():
                # What was made is old from now on; as young objects the collector would walk all of it at once.
                gc.freeze()
                gc.unfreeze()
            gc.enable()
