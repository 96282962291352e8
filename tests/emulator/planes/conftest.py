# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the tests that drive Microsoft's clients."""

from tests.fixtures.azure_sdk import azure_environment, group, name

__all__ = ["azure_environment", "group", "name"]
