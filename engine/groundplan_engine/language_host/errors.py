# SPDX-License-Identifier: Apache-2.0
"""The error that the language host reports to the engine."""


class HostError(Exception):
    """A call can not be served; the message is shown to the user by the engine."""
