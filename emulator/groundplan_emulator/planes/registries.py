# SPDX-License-Identifier: Apache-2.0
"""The data plane of machine learning registries; `ml/registry/plane.py` serves it."""

from groundplan_emulator.ml.registry.plane import handle

__all__ = ["handle"]
