"""What is known about the values of a `format`, as data.

With formats asserted, a format is a set of values that is known in part. For each value Treaty says yes, no, or
nothing: nothing where validators disagree (a leap second, an address with a zone) and for every format that is not in
the table. A witness must hold whatever the format says of the values nothing is known about; a proof must hold
whatever the format is. So neither stands on a format that is not asserted. Formats over numbers are ranges (OpenAPI
Format Registry) and are asserted as bounds.
"""

from __future__ import annotations

import datetime
import ipaddress
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from treaty.model.schema.numbers import exact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Format:
    """A format over strings.

    ``decide`` gives True, False, or None where it is not certain; ``members`` are values to show, all certain. Every
    member has from ``shortest`` to ``longest`` characters, None where that is open. ``within`` are formats that hold
    all of its values. ``padding`` is put between two halves to make a member as long as asked for.
    """

    decide: Callable[[str], bool | None]
    members: tuple[str, ...]
    shortest: int = 0
    longest: int | None = None
    within: tuple[str, ...] = ()
    padding: tuple[str, str, str] | None = None

    def examples(self, length: int) -> Iterator[str]:
        """Members to show, then, if it can be made, a certain one of ``length`` characters."""
        yield from self.members
        if self.padding is not None:
            first, middle, last = self.padding
            rest = max(1, length - len(first) - len(last))
            made = first + middle * (rest // len(middle)) + middle[: rest % len(middle)] + last
            if self.decide(made):
                yield made


@dataclass(frozen=True, slots=True)
class Range:
    """A format over numbers: from ``low`` to ``high``, both included, ``whole`` when only integers are meant."""

    low: int
    high: int
    whole: bool


def _full(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None


_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-](\d\d):(\d\d))?", re.ASCII | re.IGNORECASE)


def _date(text: str) -> bool | None:
    """RFC 3339, full-date. The year 0 is left open: calendars differ."""
    found = _DATE.fullmatch(text)
    if found is None:
        return False
    year, month, day = map(int, found.groups())
    if year == 0:
        return None
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


def _time(text: str) -> bool | None:
    """RFC 3339, full-time. Leap seconds, a small z and a missing offset are left open."""
    found = _TIME.fullmatch(text)
    if found is None:
        return False
    hour, minute, second, _, offset, offset_hour, offset_minute = found.groups()
    if (
        int(hour) > 23
        or int(minute) > 59
        or int(second) > 60
        or int(offset_hour or 0) > 23
        or int(offset_minute or 0) > 59
    ):
        return False
    return True if int(second) < 60 and offset is not None and offset != "z" else None


def _date_time(text: str) -> bool | None:
    """RFC 3339, date-time. A separator other than T is left open."""
    day, separator, moment = text[:10], text[10:11], text[11:]
    if separator not in ("T", "t", " "):
        return False
    parts = _date(day), _time(moment)
    if False in parts:
        return False
    return True if parts == (True, True) and separator == "T" else None


_UUID = _full(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LOOSE_UUID = _full(r"(urn:uuid:|\{)?[0-9a-fA-F-]{32,36}\}?")


def _uuid(text: str) -> bool | None:
    """RFC 9562. Braces, a missing hyphen and the URN form are left open."""
    return True if _UUID(text) else None if _LOOSE_UUID(text) else False


_LOOSE_IPV4 = _full(r"\d+(\.\d+){3}")


def _ipv4(text: str) -> bool | None:
    """RFC 2673, section 3.2. Leading zeros are left open."""
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        octets = text.split(".")
        zeros = _LOOSE_IPV4(text) and all(len(octet) < 5 and int(octet) < 256 for octet in octets)
        return None if zeros else False
    return text.isascii()


def _ipv6(text: str) -> bool | None:
    """RFC 4291, section 2.2. A zone is left open."""
    try:
        ipaddress.IPv6Address(text.partition("%")[0])
    except ValueError:
        return False
    return None if "%" in text else text.isascii()


_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,20}[A-Za-z0-9])?\.){1,4}[A-Za-z]{2,12}"
_CERTAIN_HOST = _full(_HOST)
_CERTAIN_EMAIL = _full(r"[A-Za-z0-9]{1,20}(?:[._+-][A-Za-z0-9]{1,20}){0,3}@" + _HOST)
_CERTAIN_URI = _full(r"https?://" + _HOST + r"(?:/[A-Za-z0-9._~-]*){0,9}")
_CERTAIN_PATH = _full(r"(?:/[A-Za-z0-9._~-]+){1,9}")
_NO_URI = re.compile(r"[\s<>\"{}|\\^`]")
_POINTER = _full(r"(?:/(?:[^~/]|~[01])*)*")
_DURATION = _full(
    r"P(?:\d{1,9}W|(?=\d|T\d)(?:\d{1,9}Y)?(?:\d{1,9}M)?(?:\d{1,9}D)?(?:T(?=\d)(?:\d{1,9}H)?(?:\d{1,9}M)?(?:\d{1,9}S)?)?)"
)
_BASE64 = _full(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_BASE64_TEXT = _full(r"[A-Za-z0-9+/=_\s-]*")


def _partly(certain: Callable[[str], bool], impossible: Callable[[str], bool]) -> Callable[[str], bool | None]:
    return lambda text: True if certain(text) else False if impossible(text) else None


def _no_host(text: str) -> bool:
    return not text or len(text) > 255 or any(character in text for character in " /@:?#")


def _no_uri(text: str) -> bool:
    return ":" not in text or _NO_URI.search(text) is not None


def _no_reference(text: str) -> bool:
    return _NO_URI.search(text) is not None


def _no_duration(text: str) -> bool:
    return not text.startswith("P") or len(text) < 3


_EMAIL = Format(
    _partly(_CERTAIN_EMAIL, lambda text: "@" not in text),
    ("user@example.com", "a@b.co"),
    padding=("a", "aaaaaaaaaaaa.a", "@example.com"),
)
_HOSTNAME = Format(
    _partly(_CERTAIN_HOST, _no_host), ("example.com", "a.io"), padding=("a", "aaaaaaaaaaaa.a", ".example.com")
)
_URI = Format(
    _partly(_CERTAIN_URI, _no_uri),
    ("https://example.com/", "http://a.io"),
    padding=("https://example.com/", "a", ""),
)
_REFERENCE = Format(
    _partly(lambda text: _CERTAIN_URI(text) or _CERTAIN_PATH(text), _no_reference),
    ("https://example.com/", "/a"),
    padding=("https://example.com/", "a", ""),
)

STRINGS: Mapping[str, Format] = {
    "date": Format(_date, ("2026-01-31", "2026-02-28"), 10, 10),
    "time": Format(_time, ("12:30:00Z", "23:59:59Z"), 8, padding=("12:30:00.", "0", "Z")),
    "date-time": Format(
        _date_time,
        ("2026-01-31T12:30:00Z", "2026-02-28T23:59:59Z"),
        19,
        padding=("2026-01-31T12:30:00.", "0", "Z"),
    ),
    "duration": Format(_partly(_DURATION, _no_duration), ("P1D", "PT1H")),
    "uuid": Format(_uuid, ("123e4567-e89b-42d3-a456-426614174000", "6ba7b810-9dad-41d1-80b4-00c04fd430c8"), 32),
    "ipv4": Format(_ipv4, ("192.0.2.1", "198.51.100.7", "8.8.8.8", "198.51.100.100"), 7),
    "ipv6": Format(_ipv6, ("2001:db8::1", "::1"), 2),
    "email": replace(_EMAIL, within=("idn-email",)),
    "idn-email": _EMAIL,
    "hostname": replace(_HOSTNAME, within=("idn-hostname",)),
    "idn-hostname": _HOSTNAME,
    "uri": replace(_URI, within=("uri-reference", "iri", "iri-reference")),
    "iri": replace(_URI, within=("iri-reference",)),
    "uri-reference": replace(_REFERENCE, within=("iri-reference",)),
    "iri-reference": _REFERENCE,
    "json-pointer": Format(_POINTER, ("/a", ""), padding=("/", "a", "")),
    "byte": Format(_partly(_BASE64, lambda text: not _BASE64_TEXT(text)), ("YQ==", ""), padding=("", "YWFh", "")),
}

# The largest finite values of IEEE 754 binary32 and binary64, which are whole numbers.
_SINGLE = (2**24 - 1) * 2**104
_DOUBLE = (2**53 - 1) * 2**971

NUMBERS: Mapping[str, Range] = {
    **{f"int{bits}": Range(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1, whole=True) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": Range(0, 2**bits - 1, whole=True) for bits in (8, 16, 32, 64)},
    "double-int": Range(-(2**53) + 1, 2**53 - 1, whole=True),
    "float": Range(-_SINGLE, _SINGLE, whole=False),
    "double": Range(-_DOUBLE, _DOUBLE, whole=False),
}

# They ask for an input field or name an encoding, and refuse no value.
ANNOTATIONS = frozenset({"password", "binary"})


def decide(name: str, value: object) -> bool | None:
    """Whether ``value`` is of format ``name``; None where that is not certain.

    A format binds the values of its own type only.
    """
    if name in ANNOTATIONS or value is None or isinstance(value, bool | dict | list):
        return True
    if isinstance(value, str):
        known = STRINGS.get(name)
        return None if known is None else known.decide(value)
    limits = NUMBERS.get(name)
    if limits is None:
        return True if name in STRINGS else None
    number = (
        value if isinstance(value, Fraction) else exact(value) if isinstance(value, int | float | Decimal) else None
    )
    if number is None:
        return None
    return limits.low <= number <= limits.high and (not limits.whole or number.denominator == 1)
