# SPDX-License-Identifier: Apache-2.0
"""What happens to instances, in the words of Azure's event log: name and message of an event of the container's life cycle."""

from __future__ import annotations

from typing import Final

_EVENTS: Final = (
    ("Started the scoring server", "Started", "Started container inference-server"),
    ("Back-off restarting", "BackOff", "Back-off restarting failed container"),
    ("liveness probe", "Killing", "Container inference-server failed liveness probe, will be restarted"),
    ("did not answer its readiness probe", "ReadinessProbeFailed", "Readiness probe failed: no answer"),
    ("it is started again", "BackOff", "Back-off restarting failed container"),
    ("Warning", "Killing", "Stopping container inference-server"),
)
"""What a text has in it, name, message; the first that fits counts."""


def of(text: str) -> tuple[str, str] | None:
    """Name and message, or None for what Azure has no event for. The message goes on with what is known here."""
    for part, name, message in _EVENTS:
        if part in text:
            said = text.partition("Message: ")[2] or text
            return name, message if name == "Started" else f"{message} ({said})"
    return None
