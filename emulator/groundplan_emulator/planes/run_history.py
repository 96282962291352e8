# SPDX-License-Identifier: Apache-2.0
"""Run history of workspaces: answered by `ml.history`."""

from groundplan_emulator.ml.history import handle

__all__ = ["handle"]
