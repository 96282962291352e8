# SPDX-License-Identifier: Apache-2.0
"""What the control API sets about scoring processes."""

from __future__ import annotations

from typing import Final

from groundplan_emulator.store import Store

PROCESSES: Final = "scoring_processes"
"""How many instances all deployments have together at most. 0: the default."""
MEMORY: Final = "scoring_memory"
"""MiB that one instance may use, where its virtual machine or its Kubernetes limit does not allow less. 0: the default."""
SHARED: Final = "scoring_shared_environment"
"""1: new instances run in one environment with the scoring server alone, without what the deployment's own environment asks for."""
MOST_PROCESSES: Final = 16
MOST_MEMORY: Final = 2048


def processes(store: Store) -> int:
    """Instances of all deployments together."""
    return int(store.meta(PROCESSES) or MOST_PROCESSES)


def memory(store: Store) -> int:
    """Bytes for one instance."""
    return int(store.meta(MEMORY) or MOST_MEMORY) << 20


def shared(store: Store) -> bool:
    """Whether environments of deployments are left out."""
    return bool(store.meta(SHARED))
