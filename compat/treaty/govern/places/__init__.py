"""The named places of a contract, in whatever format: what lifecycle, lint and evidence all speak about."""

from treaty.govern.places.place import Kind, Place
from treaty.govern.places.walk import places_of

__all__ = ["Kind", "Place", "places_of"]
