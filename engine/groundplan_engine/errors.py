# SPDX-License-Identifier: Apache-2.0
"""What can go wrong on the way to a working Pulumi engine."""


class EngineError(Exception):
    """The Pulumi engine can not be set up or used on this machine.

    The message is written for the person at the terminal: what happened, what was found, and how to mend it.
    """


class EngineNotFound(EngineError):  # noqa: N818  # a public name that reads as it is meant
    """No accepted engine was found, and none could be downloaded or built.

    `tried` holds one line for each way that was tried, in order.
    """

    def __init__(self, message: str, tried: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.tried = tried
