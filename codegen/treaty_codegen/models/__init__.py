"""Pydantic models from the schemas of a contract."""
