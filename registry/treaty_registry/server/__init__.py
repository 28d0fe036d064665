"""The registry over HTTP: Confluent's API on Starlette, with what never changes served from ready bytes in front."""
