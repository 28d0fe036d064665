"""Generated code: Pydantic models, Python SDKs and event classes from contracts."""
