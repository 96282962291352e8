# SPDX-License-Identifier: Apache-2.0
"""The base of resources that Azure has as actions alone: Pulumi's dynamic resources, whose code runs in a plugin beside the engine."""

from __future__ import annotations

import sys
import traceback
from typing import Any

from pulumi.dynamic import ConfigureRequest, ResourceProvider

from groundplan.actions.arm import Arm, connect
from groundplan.actions.cloud import Settings
from groundplan.errors import GroundplanError


class ActionProvider(ResourceProvider):
    """Knows Azure once the plugin has loaded it; what the state holds of it is the name of its class."""

    serialize_as_secret_always = False
    _arm: Arm | None = None
    _settings: Settings | None = None

    def configure(self, req: ConfigureRequest) -> None:
        """Take over the stack's configuration; runs in the plugin, before anything else."""
        self._settings = Settings(req.config.get)
        _tell_errors_in_a_sentence()

    @property
    def arm(self) -> Arm:
        """Azure, connected on first use."""
        if self._arm is None:
            assert self._settings is not None  # noqa: S101  # the plugin configures before it calls
            self._arm = connect(self._settings)
        return self._arm


def _tell_errors_in_a_sentence() -> None:
    """Pulumi's plugin answers every exception with its traceback; ours are meant for people."""
    original = traceback.format_exc
    if getattr(original, "tells_sentences", False):
        return

    def format_exc(*args: Any, **kwargs: Any) -> str:
        error = sys.exception()
        return str(error) if isinstance(error, GroundplanError) else original(*args, **kwargs)

    format_exc.tells_sentences = True  # pyright: ignore[reportFunctionMemberAccess]
    traceback.format_exc = format_exc
