# SPDX-License-Identifier: Apache-2.0
"""Finds the Pulumi engine on a machine, downloads it, or builds it."""

from groundplan_engine.toolchain.find import find
from groundplan_engine.toolchain.install import install

__all__ = ["find", "install"]
