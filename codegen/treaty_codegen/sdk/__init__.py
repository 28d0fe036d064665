"""Python SDKs from OpenAPI contracts."""
