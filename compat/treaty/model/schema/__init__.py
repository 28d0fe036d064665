"""Schemas of every dialect as one model: what values are valid, type by type."""
