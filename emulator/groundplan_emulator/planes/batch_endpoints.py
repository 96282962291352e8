# SPDX-License-Identifier: Apache-2.0
"""The scoring addresses of batch endpoints: answered by `ml.batch.answers`."""

from groundplan_emulator.ml.batch.answers import handle

__all__ = ["handle"]
