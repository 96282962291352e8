# SPDX-License-Identifier: Apache-2.0
"""Programs on the real engine."""

from tests.provider.conftest import stack, stack_on

__all__ = ["stack", "stack_on"]
