# SPDX-License-Identifier: Apache-2.0
"""Waits until Azure shows a role assignment everywhere, by asking for it, before something that needs the role is created.

Azure Resource Manager answers from replicas: an assignment that was just made may be missing from the next answer. During an
up an assignment counts once it was seen several times in a row. A preview asks nothing, and neither does an up for assignments
that have been there for a while.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from pulumi import Input, InvokeOptions, Output, Resource
from pulumi.runtime import invoke_async, is_dry_run
from pulumi_azure_native import authorization

from groundplan.errors import PropagationError

SIGHTS: Final = 3
"""How often in a row an assignment must be seen."""
PATIENCE: Final = 600.0
"""Seconds after which a wait gives up."""
SETTLED: Final = timedelta(minutes=15)
"""Age from which an assignment is not asked for any more."""

_GET: Final = "azure-native:authorization:getRoleAssignment"
_SHORT, _LONG = 0.5, 10.0


def once_granted(
    parent: Resource, value: Input[str], assignments: Sequence[authorization.RoleAssignment]
) -> Output[str]:
    """`value`, held back during an up until Azure shows all of the assignments.

    Raises `PropagationError` after `PATIENCE` seconds, and at once if Azure refuses to say. In a preview the value passes
    at once, so that it stays known: whoever takes it names the assignments in `depends_on` too.
    """
    known = Output.from_input(value)
    if is_dry_run() or not assignments:
        return known
    options = InvokeOptions(parent=parent)
    waits = [
        Output.all(each.scope, each.name, each.created_on).apply(lambda found: _wait(found, options))
        for each in assignments
    ]
    return Output.all(known, *waits).apply(lambda results: cast("str", results[0]))


async def _wait(found: Sequence[object], options: InvokeOptions) -> None:
    scope, name, created = str(found[0]), str(found[1]), str(found[2])
    if settled(created, datetime.now(UTC)):
        return
    deadline, pause, seen = time.monotonic() + PATIENCE, _SHORT, 0
    while True:
        if await _visible(scope, name, options):
            seen, pause = seen + 1, _SHORT
        else:
            seen, pause = 0, min(pause * 2, _LONG)
        if seen == SIGHTS:
            return
        if time.monotonic() + pause > deadline:
            raise PropagationError(
                f"role assignment {name} on {scope} was made, but Azure does not show it after {PATIENCE:.0f} seconds; "
                "run the update again: it goes on from here"
            )
        await asyncio.sleep(pause)


async def _visible(scope: str, name: str, options: InvokeOptions) -> bool:
    try:
        await invoke_async(_GET, {"scope": scope, "roleAssignmentName": name}, options)
    except Exception as error:  # noqa: BLE001  # the SDK raises nothing narrower
        if any(sign in str(error) for sign in ("NotFound", "Status=404", "StatusCode=404")):
            return False
        raise PropagationError(f"cannot see whether role assignment {name} on {scope} is in force: {error}") from None
    return True


def settled(created: str, now: datetime) -> bool:
    """Whether an assignment of that creation time (ISO 8601) is old enough not to be asked for."""
    try:
        born = datetime.fromisoformat(created)
    except ValueError:
        return False
    return now - (born if born.tzinfo else born.replace(tzinfo=UTC)) > SETTLED
