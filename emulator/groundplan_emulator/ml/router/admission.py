# SPDX-License-Identifier: Apache-2.0
"""Which instance takes a request, and when: as many at once as the deployment's request settings allow.

Microsoft documents a bound of `2 * max_concurrent_requests_per_instance * instance_count` requests in parallel: half of them are with the
model, the others wait. How long they wait is up to the caller: a managed deployment counts the wait into its request timeout, as
`maxQueueWait` is deprecated there; one on Kubernetes waits `maxQueueWait`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from groundplan_emulator.ml.instances import Instance, Instances
from groundplan_emulator.ml.router.tables import Deployment

_LOOK_AGAIN: Final = 0.05
"""Seconds after which one that waits looks for new instances: those of a deployment that grows announce themselves to nobody."""


class NotReadyError(Exception):
    """No instance of the deployment is ready."""


class TooManyError(Exception):
    """As many requests as the deployment takes are under way. Carries how many those are."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


Queue = deque[asyncio.Future[None]]


class Admission:
    """Gives out places at instances. Each place that was taken must be given back."""

    def __init__(self, instances: Instances) -> None:
        self._instances = instances
        self._queues: dict[str, Queue] = {}
        """Who waits, by deployment; none where nobody does."""

    def take(self, deployment: Deployment, avoid: Instance | None = None) -> Instance | None:
        """A place at the least busy ready instance, or None while all are busy; NotReadyError, TooManyError.

        `avoid` is asked only where it is the only one.
        """
        ready = self._instances.of(deployment.key)
        if not ready:
            raise NotReadyError
        queue = self._queues.get(deployment.key, ())
        if not queue:
            instance = min(ready, key=lambda each: (each is avoid, each.in_flight))
            if instance.in_flight < deployment.concurrency:
                instance.in_flight += 1
                return instance
        most = 2 * deployment.concurrency * len(ready)
        if len(queue) + sum(each.in_flight for each in ready) >= most:
            raise TooManyError(most)
        return None

    async def wait(self, deployment: Deployment) -> Instance:
        """A place as soon as there is one, first come first served. NotReadyError when the last instance goes."""
        loop = asyncio.get_running_loop()
        queue = self._queues.setdefault(deployment.key, Queue())
        turn: asyncio.Future[None] = loop.create_future()
        queue.append(turn)
        try:
            while True:
                await asyncio.wait((turn,), timeout=_LOOK_AGAIN)
                ready = self._instances.of(deployment.key)
                if not ready:
                    raise NotReadyError
                instance = min(ready, key=lambda each: each.in_flight)
                if queue[0] is turn and instance.in_flight < deployment.concurrency:
                    instance.in_flight += 1
                    return instance
                if turn.done():  # woken too early: the place in the queue stays
                    queue[queue.index(turn)] = turn = loop.create_future()
        finally:
            queue.remove(turn)
            self._wake(deployment.key)

    def waiting(self, deployment: str) -> int:
        """How many requests wait, by the deployment's key."""
        return len(self._queues.get(deployment, ()))

    def give_back(self, deployment: Deployment, instance: Instance) -> None:
        """A request is over, however it ended."""
        instance.in_flight -= 1
        self._wake(deployment.key)

    def _wake(self, key: str) -> None:
        queue = self._queues.get(key)
        if queue is None:
            return
        if not queue:
            del self._queues[key]
        elif not queue[0].done():
            queue[0].set_result(None)
