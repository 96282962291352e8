# SPDX-License-Identifier: Apache-2.0
"""Questions before something that cannot be taken back."""

from groundplan_cli import console


def approve(question: str, *, yes: bool) -> None:
    """Go on only with `--yes` or a yes at the terminal."""
    from groundplan_workflows.errors import CancelledError, UsageError

    if yes:
        return
    if not console.is_interactive():
        raise UsageError("no one can be asked here (not a terminal); pass --yes to go on")
    if not console.confirm(question):
        raise CancelledError("nothing was done")
