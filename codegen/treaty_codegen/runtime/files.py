"""Files on their way up and down."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from pydantic_core import CoreSchema, core_schema

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    import httpx2
    from pydantic import GetCoreSchemaHandler

__all__ = ["AsyncDownload", "Download", "Upload"]


@dataclass(frozen=True)
class Upload:
    """A file to send: its bytes, or an open binary file, which is read from where it stands.

    A file that cannot be rewound is sent once and never again, so such a call is not repeated.
    """

    content: bytes | IO[bytes]
    filename: str | None = None
    content_type: str = "application/octet-stream"

    @classmethod
    def from_path(cls, path: str | Path, content_type: str = "application/octet-stream") -> Upload:
        """The file at ``path``, read now."""
        return cls(Path(path).read_bytes(), Path(path).name, content_type)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._of,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value),
        )

    @classmethod
    def _of(cls, value: Any) -> Upload:
        if isinstance(value, Upload):
            return value
        if isinstance(value, bytes) or hasattr(value, "read"):
            return cls(value)
        raise ValueError("an Upload, bytes, or an open binary file")


class Download:
    """An answer that is a file, read while it arrives. Use it as a context manager, or close it."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response

    @property
    def content_type(self) -> str:
        return str(self.response.headers.get("content-type", "application/octet-stream"))

    def read(self) -> bytes:
        """All of it."""
        return self.response.read()

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Piece by piece."""
        return self.response.iter_bytes(chunk_size)

    def write_to(self, path: str | Path) -> int:
        """Write it to a file; the number of bytes."""
        with Path(path).open("wb") as file:
            return sum(file.write(chunk) for chunk in self.iter_bytes())

    def close(self) -> None:
        """Give the connection back."""
        self.response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncDownload:
    """As :class:`Download`, without blocking."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response

    @property
    def content_type(self) -> str:
        return str(self.response.headers.get("content-type", "application/octet-stream"))

    async def read(self) -> bytes:
        """All of it."""
        return await self.response.aread()

    def iter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """Piece by piece."""
        return self.response.aiter_bytes(chunk_size)

    async def write_to(self, path: str | Path) -> int:
        """Write it to a file; the number of bytes."""
        written = 0
        with Path(path).open("wb") as file:
            async for chunk in self.iter_bytes():
                written += file.write(chunk)
        return written

    async def close(self) -> None:
        """Give the connection back."""
        await self.response.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
