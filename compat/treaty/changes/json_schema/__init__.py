"""What changed between two JSON Schemas, decided by the subset relation and explained by the rules."""

from treaty.changes.json_schema.comparison import compare, compare_schema_documents

__all__ = ["compare", "compare_schema_documents"]
