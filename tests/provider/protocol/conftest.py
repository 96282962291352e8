# SPDX-License-Identifier: Apache-2.0
"""One plugin for all tests of the protocol."""

from collections.abc import Iterator

import pytest

from tests.fixtures.azure import RunningAzure
from tests.provider.plugin import Plugin, plugin


@pytest.fixture(scope="session")
def provider(azure: RunningAzure) -> Iterator[Plugin]:
    """A plugin of the worker's own, and the resource group `protocol`."""
    azure.group("protocol")
    with plugin(azure.env) as running:
        yield running
