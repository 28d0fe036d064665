"""OpenAPI 3.0, 3.1 and 3.2 documents as operations: what is asked, what is answered, and who may call."""
