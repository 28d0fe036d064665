"""Moving whole registries: to and from files, and from other registries over their API."""
