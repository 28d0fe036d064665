"""AsyncAPI 2.x and 3.x documents as one model: operations that send or receive messages at an address."""

from treaty.model.asyncapi.contract import AsyncApiContract

__all__ = ["AsyncApiContract"]
