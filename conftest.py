# SPDX-License-Identifier: Apache-2.0
"""Fixtures that several test folders share, and one hypothesis profile: the same examples on every machine, no timing."""

from hypothesis import settings

pytest_plugins = ["tests.fixtures.azure", "tests.fixtures.backends"]

settings.register_profile("groundplan", deadline=None, derandomize=True, max_examples=60, database=None)
settings.load_profile("groundplan")
