# SPDX-License-Identifier: Apache-2.0
"""A stack on the Azure of a test's own, and Checkov."""

from tests.fixtures.checkov import checkov
from tests.provider.conftest import stack, stack_on

__all__ = ["checkov", "stack", "stack_on"]
