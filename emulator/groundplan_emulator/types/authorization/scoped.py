# SPDX-License-Identifier: Apache-2.0
"""Lists of resources that hang on any scope: what applies to a scope, and what is below it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

from groundplan_emulator.arm.context import Context
from groundplan_emulator.store import Resource


def scope_of(resource_id: str) -> str:
    """The scope that an extension resource hangs on; '' for the tenant."""
    return resource_id[: resource_id.lower().rindex("/providers/microsoft.authorization/")]


def asked_scope(ctx: Context) -> str:
    """The scope of the list that a request asks for."""
    return scope_of(f"{ctx.request.path}/x")


def covers(outer: str, inner: str) -> bool:
    """Whether a scope is another one or stands above it, whatever their case."""
    outer, inner = outer.lower().rstrip("/"), inner.lower().rstrip("/")
    return not outer or outer == inner or inner.startswith(f"{outer}/")


def around(ctx: Context, type_: str, *, below: bool) -> Iterator[Resource]:
    """Resources of a type at the asked scope and above it, and below it too unless the client says `atScope()`."""
    asked = asked_scope(ctx)
    for found in ctx.store.of_type(type_):
        scope = scope_of(found.id)
        if covers(scope, asked) or (below and covers(asked, scope)):
            yield found


def filtered(ctx: Context, name: str) -> str | None:
    """The value of `name eq 'value'` or `name('value')` in `$filter`, lower case; None when it is not there."""
    match = re.search(rf"\b{name}(?:\s+eq\s+|\()'?([^')]+)'?\)?", ctx.request.query.get("$filter", ""), re.IGNORECASE)
    return match[1].strip().lower() if match else None


def at_scope_only(ctx: Context) -> bool:
    """Whether `$filter` leaves out what is below the scope."""
    return "atscope()" in ctx.request.query.get("$filter", "").lower()


def is_guid(text: str) -> bool:
    """Whether a name is a GUID, as roles and their assignments are named."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
