"""What the registry needs to know of each schema format: reading, canonical text, and the forms clients ask for."""
