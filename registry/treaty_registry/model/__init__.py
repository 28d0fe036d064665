"""What a registry holds: schemas, versions, subjects, their governance and their settings."""
