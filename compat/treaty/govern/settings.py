"""What a policy decides about comparing the documents of one contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.comparison import Settings
from treaty.model.roles import Role

if TYPE_CHECKING:
    import datetime

    from treaty.govern.policy import ContractPolicy, Policy


def settings_for(policy: Policy, contract: ContractPolicy, today: datetime.date) -> Settings:
    """The settings of a comparison, judged on the day ``today``."""
    mode = contract.mode
    return Settings(
        levels=policy.levels_for(contract),
        strict=None if contract.content is None else contract.content == "strict",
        roles=mode.roles if mode is not None else Role.BOTH,
        mode_roles=mode.roles if mode is not None else Role.NONE,
        today=today,
        unstable=policy.unstable,
        sunset_required=policy.lifecycle.sunset_required,
        assert_formats=policy.assert_formats,
        surfaces=contract.surfaces,
    )
