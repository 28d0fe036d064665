"""The schema registry: Confluent's HTTP API over SQLite, memory or PostgreSQL, with its client and serializers."""
