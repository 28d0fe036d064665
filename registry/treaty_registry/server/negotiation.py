"""Content types: which one an answer gets, and which ones a request may have (RFC 9110, 12.5.1)."""

from __future__ import annotations

from functools import lru_cache

CONTENT_TYPES = (
    "application/vnd.schemaregistry.v1+json",
    "application/vnd.schemaregistry+json",
    "application/json",
)
"""What answers can be sent as, the preferred one first."""

_ACCEPTED = frozenset((*CONTENT_TYPES, "application/octet-stream"))


@lru_cache(512)
def answer_type(accept: bytes | None) -> str | None:
    """The content type for an ``Accept`` header, or None when it admits none of ours."""
    if accept is None or not accept.strip():
        return CONTENT_TYPES[0]
    best, best_quality = None, 0.0
    ranges = [_media_range(part) for part in accept.decode("latin-1").split(",")]
    for content_type in CONTENT_TYPES:
        # The most specific range that matches decides.
        matching = [
            (specificity, quality)
            for pattern, quality in ranges
            if (specificity := _matches(pattern, content_type)) is not None
        ]
        quality = max(matching)[1] if matching else 0.0
        if quality > best_quality:
            best, best_quality = content_type, quality
    return best


@lru_cache(512)
def acceptable_request(content_type: bytes | None) -> bool:
    """Whether a request body of this ``Content-Type`` is read; none at all is taken for JSON."""
    if content_type is None or not content_type.strip():
        return True
    return content_type.decode("latin-1").partition(";")[0].strip().lower() in _ACCEPTED


def _media_range(part: str) -> tuple[str, float]:
    pattern, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = min(max(float(value), 0.0), 1.0)
            except ValueError:
                quality = 0.0
    return pattern, quality


def _matches(pattern: str, content_type: str) -> int | None:
    if pattern == content_type:
        return 2
    if pattern == "application/*":
        return 1
    return 0 if pattern == "*/*" else None
