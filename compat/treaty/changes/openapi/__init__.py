"""What changed between two OpenAPI documents, around their schemas and in them."""
