"""Bytes to trees: reading JSON and YAML, positions on demand, references across files, revisions and sources."""
