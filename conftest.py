# SPDX-License-Identifier: Apache-2.0
"""Fixtures that several test folders share."""

pytest_plugins = ["tests.fixtures.azure"]
