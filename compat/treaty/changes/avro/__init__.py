"""Comparing Avro schemas: what one side writes and the other can no longer read, and every other difference."""

from treaty.changes.avro.comparison import compare

__all__ = ["compare"]
