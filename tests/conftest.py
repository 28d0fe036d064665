"""The same random examples in every run, so that a red run is about a change; TREATY_EXPLORE=1 looks for new ones."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True, database=None)
settings.register_profile("exploring")
settings.load_profile("exploring" if os.environ.get("TREATY_EXPLORE") else "steady")
