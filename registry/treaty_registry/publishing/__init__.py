"""From contracts in files to subjects in a registry, and back."""
