# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with the server as a process."""


class ProcessError(Exception):
    """The server could not be started, found or stopped; the message says why and what to do."""


class PortInUseError(ProcessError):
    """A port that was asked for belongs to another process."""


class FolderError(ProcessError):
    """The state folder cannot be written."""


class StateFileError(ProcessError):
    """A file of the state folder is damaged."""


class RefusedError(ProcessError):
    """The control API understood the request and refused it."""
