# SPDX-License-Identifier: Apache-2.0
"""What the control API sets about the router. Setting a value again starts over what hangs on it."""

from __future__ import annotations

from typing import Final

from groundplan_emulator.store import Store

SEED: Final = "router_seed"
"""Makes the routes of online endpoints repeatable: setting it starts the sequence of every endpoint anew. 0: by chance."""
PAYLOAD_LIMIT: Final = "online_payload_limit"
"""The largest body of a request to an online endpoint, in bytes. 0: what Microsoft's page once said, 1.5 MB."""
PUBLISHED_LIMIT: Final = 3 << 19


def seed(store: Store) -> tuple[float, int]:
    """The seed, 0 for none, and the revision at which it was last set."""
    return store.meta(SEED) or 0, store.meta(f"{SEED}_set") or 0


def payload_limit(store: Store) -> int:
    """Bytes."""
    return int(store.meta(PAYLOAD_LIMIT) or PUBLISHED_LIMIT)
