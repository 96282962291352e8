# SPDX-License-Identifier: Apache-2.0
"""Pulumi projects on the real engine and the running Azure on localhost."""

from tests.provider.conftest import stack, stack_on

__all__ = ["stack", "stack_on"]
