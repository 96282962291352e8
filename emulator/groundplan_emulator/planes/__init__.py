# SPDX-License-Identifier: Apache-2.0
"""Data planes: what a resource serves besides ARM. The first segment of a path chooses one.

`/vault/{name}/...` is a key vault; `/{account}.blob.{suffix}/...` a storage account's blobs; `/{region}.metrics.monitor.{suffix}/...`
Azure Monitor's metrics of a region; `/metrics` what Prometheus scrapes. A plane is a module with
`handle(ctx) -> Response`, imported at first use.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from groundplan_emulator import first_segment
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.first_segment import Table

Plane = Callable[[Context], Response]

PLANES = Table(
    __name__,
    "handle",
    (
        (re.compile(r"vault"), "key_vault"),
        (re.compile(r"[^/]+\.blob\.[^/]+|blob"), "blob"),
        (re.compile(r"registrymanagement|mferp"), "registries"),
        (re.compile(r"[^/.]+\.[^/.]+\.batch\.inference\.ml\.core\.local", re.IGNORECASE), "batch_endpoints"),
        (re.compile(r"[^/]+\.metrics\.monitor\.[^/]+"), "monitor_metrics"),
        (re.compile(r"metrics"), "prometheus"),
        (re.compile(r"discovery|history|data"), "run_history"),
    ),
)


def exact(path: str) -> bool:
    """Whether a slash at the end of a path means something: in blob storage `a/` is another name than `a`."""
    first = first_segment.of(path)
    return first == "blob" or ".blob." in first


def find(path: str) -> Plane | None:
    """The plane that serves a path, or None for ARM."""
    return PLANES.find(path)
