# SPDX-License-Identifier: Apache-2.0
"""One scoring process: started, probed, started again when it dies, stopped when nothing is in flight."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from groundplan_emulator.ml import processes
from groundplan_emulator.ml.instances import Instance
from groundplan_emulator.ml.scoring import failures, probing, surroundings
from groundplan_emulator.ml.scoring.failures import DeploymentError
from groundplan_emulator.ml.scoring.folders import Generation
from groundplan_emulator.ml.scoring.journal import Journal
from groundplan_emulator.ml.scoring.plan import Plan

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

_HOST: Final = str(Path(__file__).with_name("host.py"))
_REMEMBERED: Final = 400
"""Lines of a start that are looked through for why it failed."""
_WELL_SECONDS: Final = 60.0
"""After so long, a process that dies is started again at once."""
_LONGEST_BACK_OFF: Final = 60.0
_PORTS_TRIED: Final = 3
_BOOT: Final = "gunicorn.error - Booting worker with pid"
_MOST_BOOTS: Final = 3
_LONG_START: Final = 10.0
"""Seconds."""


@dataclass(slots=True)
class Parts:
    """What the replicas of one version of a deployment have in common. `gate` bounds how many start at once."""

    plan: Plan
    generation: Generation
    interpreter: Path
    journal: Journal
    gate: asyncio.Semaphore


class Replica:
    """`start` it, then `keep` runs in the background until `stop`."""

    def __init__(self, azure: Azure, parts: Parts, number: int) -> None:
        self.number = number
        self.parts = parts
        self.instance: Instance | None = None
        """While it takes requests."""
        self.child: processes.Child | None = None
        self._azure = azure
        self._key = parts.plan.id.lower()
        self._lines: deque[str] = deque(maxlen=_REMEMBERED)
        self._ended = ""
        self._boots = 0
        self._since = 0.0
        self._port = 0
        self._keeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Until it is ready. Raises `DeploymentError`; nothing runs then."""
        async with _turn(self.parts.gate):
            for left in reversed(range(_PORTS_TRIED)):
                try:
                    await self._come_up()
                except DeploymentError:
                    if left and any("in use" in line for line in self._lines):
                        continue  # someone took the port between our look and the server's bind
                    raise
                else:
                    return

    def keep(self) -> None:
        """Take requests, and come back after each death."""
        self._register()
        self._keeping = asyncio.create_task(self._keep(), name=f"{self._key} {self.number}")

    async def stop(self, *, drain: float, grace: float = 3.0) -> None:
        """No further requests; end it when nothing is in flight, after `drain` seconds at the latest."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        instance = self._unregister()
        deadline = time.monotonic() + drain
        while instance is not None and instance.in_flight and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        if self.child is not None:
            await self.child.stop(grace)

    def kill(self, why: str) -> None:
        """End it at once; it starts again. `why` completes 'the container ...'."""
        self._ended = why
        self.parts.journal.event(self.number, f"Type: Warning, Message: The container {why}")
        if self.child is not None:
            self.child.kill()

    # -- one life

    async def _come_up(self) -> None:
        plan, journal = self.parts.plan, self.parts.journal
        self._lines.clear()
        self._ended, self._boots, self._port = "", 0, probing.free_port()
        environment = surroundings.of(
            plan, self.parts.generation, self.parts.interpreter, self._azure.settings, self.number
        )
        command = [str(self.parts.interpreter), _HOST, str(self._port)]
        child = await processes.start(command, cwd=self.parts.generation.code, env=environment, on_line=self._heard)
        self.child, self._since = child, 0.0
        journal.event(self.number, "Type: Normal, Message: Started the scoring server")
        try:
            await self._ready(child)
        except BaseException:
            child.kill()
            await child.wait()
            raise
        self._since = time.monotonic()
        journal.event(self.number, "Type: Normal, Message: Ready")

    async def _ready(self, child: processes.Child) -> None:
        plan = self.parts.plan
        probe = plan.readiness
        deadline = time.monotonic() + probe.delay + probe.failures * probe.period
        ended = asyncio.create_task(child.wait())
        good = 0
        try:
            while good < probe.successes:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise self._failure(
                        f"did not answer GET / within {probe.delay + probe.failures * probe.period:g} s"
                    )
                # one request waits in the server's queue until it can be answered: that is sooner than asking again and again
                asked = asyncio.create_task(probing.answers(self._port, min(left, max(probe.timeout, 15.0))))
                await asyncio.wait({asked, ended}, return_when=asyncio.FIRST_COMPLETED)
                if ended.done():
                    asked.cancel()
                    raise self._failure(self._ended or f"ended with exit code {ended.result()}")
                good = good + 1 if asked.result() else 0
                if good < probe.successes:
                    await asyncio.sleep(0.05 if not good else min(probe.period, 0.05))
        finally:
            ended.cancel()

    def _failure(self, ended: str) -> DeploymentError:
        plan = self.parts.plan
        if ended.startswith("was OOMKilled"):
            code = "PodOutOfMemory" if plan.kubernetes else "OutOfQuota"
            return DeploymentError(code, f"The container {ended}.", "Choose a larger size, or a smaller model.")
        failure = failures.of_container(plan.kubernetes, list(self._lines), ended, plan.environment)
        wanted = plan.needs.python if plan.needs else ""
        used = next((each.name for each in (self.parts.interpreter.parent.parent / "lib").glob("python3.*")), "")
        if wanted and used and not f"{wanted}.".startswith(f"{used.removeprefix('python')}."):
            failure.advice += (
                f" It asks for Python {wanted}, which this machine has not, and ran on {used.removeprefix('python')}."
            )
        return failure

    def _heard(self, stream: processes.OutputStream, line: str) -> None:
        self._lines.append(line)
        self.parts.journal.line(self.number, stream, line)
        if _BOOT in line and not self._since:
            # the scoring server starts a worker that dies at once anew for ever
            self._boots += 1
            if self._boots > _MOST_BOOTS * self.parts.plan.workers:
                self.kill(f"cannot keep a worker: it ended {_MOST_BOOTS} times before it was ready")

    # -- the next lives

    async def _keep(self) -> None:
        quick = 0
        while True:
            how = await self._until_dead()
            self._unregister()
            journal = self.parts.journal
            journal.restarted()
            journal.event(self.number, f"Type: Warning, Message: The container {how}; it is started again")
            quick = 0 if time.monotonic() - self._since > _WELL_SECONDS else quick + 1
            while True:
                await asyncio.sleep(min(2.0 ** (quick - 2), _LONGEST_BACK_OFF) if quick > 1 else 0.0)
                try:
                    await self.start()
                except DeploymentError as failure:
                    quick += 1
                    journal.restarted()
                    journal.event(
                        self.number, f"Type: Warning, Message: Back-off restarting failed container: {failure}"
                    )
                except OSError as error:
                    quick += 1
                    journal.event(self.number, f"Type: Warning, Message: The container cannot be started: {error}")
                else:
                    break
            self._register()

    async def _until_dead(self) -> str:
        child, plan = self.child, self.parts.plan
        assert child is not None  # noqa: S101  (it has started)
        watches = [
            asyncio.create_task(probing.watch(self._port, plan.liveness, self._alive)),
            asyncio.create_task(probing.watch(self._port, plan.readiness, self._well)),
        ]
        try:
            code = await child.wait()
        finally:
            for each in watches:
                each.cancel()
        return self._ended or f"ended with exit code {code}"

    def _alive(self, alive: bool) -> None:
        if not alive:
            self.kill("did not answer its liveness probe")

    def _well(self, ready: bool) -> None:
        what = (
            "answers its readiness probe again" if ready else "did not answer its readiness probe: it gets no requests"
        )
        self.parts.journal.event(
            self.number, f"Type: {'Normal' if ready else 'Warning'}, Message: The container {what}"
        )
        if ready:
            self._register()
        else:
            self._unregister()

    # -- who sends requests

    def _register(self) -> None:
        if self.instance is None and self.child is not None and self.child.running:
            self.instance = Instance(
                self.number, self.child.command_pid, self._port, restarts=self.parts.journal.restarts
            )
            self._azure.instances.add(self._key, self.instance)

    def _unregister(self) -> Instance | None:
        instance, self.instance = self.instance, None
        if instance is not None:
            self._azure.instances.remove(self._key, instance)
        return instance


@contextlib.asynccontextmanager
async def _turn(gate: asyncio.Semaphore) -> AsyncGenerator[None]:
    """One of the few that start now; a start that takes long makes room for the next."""
    await gate.acquire()
    held = True

    def let_go() -> None:
        nonlocal held
        if held:
            held = False
            gate.release()

    timer = asyncio.get_running_loop().call_later(_LONG_START, let_go)
    try:
        yield
    finally:
        timer.cancel()
        let_go()


async def stop_all(replicas: list[Replica], *, drain: float, grace: float = 3.0) -> None:
    """Stop them together."""
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*(each.stop(drain=drain, grace=grace) for each in replicas), return_exceptions=True)
