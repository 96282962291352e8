# SPDX-License-Identifier: Apache-2.0
"""The router of online endpoints: what stands between a client and the scoring processes of a deployment.

A request goes through `front_end.py`: `tables.py` knows the endpoint, `authentication.py` who may ask, `splitter.py` which deployment,
`admission.py` which instance and when, `upstream.py` speaks with it, `answers.py` has the words of Azure's front end.

Sources: Microsoft's "Troubleshoot online endpoints deployment and scoring" (status codes, headers), "Perform safe rollout" (mirrors) and
"Manage quotas" (limits). Differs from Azure:
- the number of requests, connections and bytes per second is not limited
- an endpoint whose `publicNetworkAccess` is Disabled answers on localhost all the same
- a mirrored copy is sent once the answer is out, not beside the request
- roles are not looked at: any token of this emulator's identity may score
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from starlette.types import Receive, Scope, Send

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure
    from groundplan_emulator.ml.router.front_end import Router

_routers: WeakKeyDictionary[Azure, Router] = WeakKeyDictionary()


def router(azure: Azure) -> Router:
    """The router of an emulated Azure, made at first use."""
    found = _routers.get(azure)
    if found is None:
        from groundplan_emulator.ml.router.front_end import Router

        found = _routers[azure] = Router(azure)
    return found


async def serve(azure: Azure, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer `/{endpoint}.{region}.inference.ml.core.local/...`."""
    await router(azure).serve(scope, receive, send)


async def run(azure: Azure) -> None:
    """Close connections to instances, and what is still mirrored, at the end."""
    try:
        await asyncio.Event().wait()
    finally:
        if (found := _routers.pop(azure, None)) is not None:
            await found.close()
