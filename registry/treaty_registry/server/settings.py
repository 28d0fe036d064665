"""What a server can be told: limits, answers, defaults."""

from __future__ import annotations

from dataclasses import dataclass, field

from treaty_registry.model.settings import Config


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server behaves; ``incompatible_code`` goes with a 409: 409, or 40901 as servers from 8.2 send."""

    profile: int = 8
    incompatible_code: int = 409
    defaults: Config = field(default_factory=lambda: Config(level="BACKWARD"))
    max_request_bytes: int = 4 * 1024 * 1024
    ephemeral: bool = False
    cluster: str = "treaty"
