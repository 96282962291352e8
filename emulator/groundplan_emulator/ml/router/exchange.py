# SPDX-License-Identifier: Apache-2.0
"""One request to one deployment: a place at an instance, the question, the answer on its way to the client."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Final, Protocol

from groundplan_emulator.ml.instances import Instance
from groundplan_emulator.ml.router import answers
from groundplan_emulator.ml.router.admission import Admission, NotReadyError, TooManyError
from groundplan_emulator.ml.router.tables import Deployment
from groundplan_emulator.ml.router.upstream import BrokenError, Connection, Connections, Headers

COLLECTED: Final = 1 << 20
"""Bytes of a body beyond which it is not collected: the size up to which Azure logs payloads."""


@dataclass(slots=True)
class Question:
    """A request as the client sent it; `target` is the path below the endpoint's host, with the query."""

    method: bytes
    target: bytes
    headers: Headers
    body: bytes
    request_id: bytes


@dataclass(slots=True)
class Record:
    """What is known of an exchange in the end."""

    status: int = 0
    model_status: int = 0
    model_seconds: float = 0.0
    response_bytes: int = 0
    reason: str = ""
    instance: int = -1
    response: bytes | None = None


class Delivery(Protocol):
    """Who gets the answer."""

    async def begin(self, status: int, headers: Headers) -> None:
        """Status and headers, once."""
        ...

    async def write(self, piece: bytes, *, last: bool) -> None:
        """Parts of the body, until the last."""
        ...


class LeftError(Exception):
    """The deployment lost its last instance while the request waited for one: it was not asked yet."""


class AbortedError(Exception):
    """The answer ended in the middle: the client must see that it is not whole."""


class Exchanger:
    """Speaks with the instances of all deployments."""

    def __init__(self, admission: Admission) -> None:
        self.admission = admission
        self.connections = Connections()

    async def run(
        self, question: Question, deployment: Deployment, delivery: Delivery, record: Record, *, kubernetes: bool
    ) -> None:
        """Ask a deployment and deliver its answer. Raises Refusal, LeftError, AbortedError.

        The time that a request waits for an instance is part of a managed deployment's `requestTimeout`, and not of one on Kubernetes.
        """
        exchange = _Exchange(self, question, deployment, delivery, record, kubernetes)
        place = exchange.place_at_once()
        if place is None and kubernetes:
            place = await exchange.place_in_time()
        try:
            async with asyncio.timeout(deployment.timeout):
                await exchange.run(place or await exchange.place_in_turn())
        except TimeoutError:
            if exchange.begun:
                record.reason = "timeout"
                raise AbortedError from None
            raise answers.timed_out(deployment.name, deployment.timeout, kubernetes=kubernetes) from None


@dataclass(slots=True)
class _Exchange:
    exchanger: Exchanger
    question: Question
    deployment: Deployment
    delivery: Delivery
    record: Record
    kubernetes: bool
    begun: bool = False

    def place_at_once(self) -> Instance | None:
        try:
            return self.exchanger.admission.take(self.deployment)
        except NotReadyError:
            raise answers.not_ready(self.deployment.name) from None
        except TooManyError as error:
            raise answers.too_many(self.deployment.name, error.most, kubernetes=self.kubernetes) from None

    async def place_in_turn(self) -> Instance:
        try:
            return await self.exchanger.admission.wait(self.deployment)
        except NotReadyError:
            raise LeftError from None

    async def place_in_time(self) -> Instance:
        try:
            async with asyncio.timeout(self.deployment.queue_wait):
                return await self.place_in_turn()
        except TimeoutError:
            raise answers.queued_too_long(self.deployment.name, self.deployment.queue_wait) from None

    async def run(self, instance: Instance) -> None:
        begin = time.perf_counter()
        try:
            try:
                connection = await self._ask(instance, fresh=False)
            except BrokenError as error:
                broken, instance = instance, self._again_at(instance, error)
                connection = await self._ask(instance, fresh=instance is broken)
            await self._deliver(instance, connection)
        except BrokenError as error:
            if self.begun:
                self.record.reason = "upstream_reset"
                raise AbortedError from None
            raise answers.broken(self.deployment.name, str(error)) from None
        finally:
            self.record.model_seconds = time.perf_counter() - begin
            self.record.instance = instance.number
            self.exchanger.admission.give_back(self.deployment, instance)

    def _again_at(self, broken: Instance, error: BrokenError) -> Instance:
        """Where to ask once more: another instance, or the same if its connection had only grown stale. Raises the error where nowhere.

        The place at the broken instance is exchanged for one at the other.
        """
        if error.began:  # the model has begun to answer: asking again might do its work twice
            raise error
        admission = self.exchanger.admission
        try:
            other = admission.take(self.deployment, avoid=broken)
        except (NotReadyError, TooManyError):
            other = None
        if other is not None and other is not broken:
            admission.give_back(self.deployment, broken)
            return other
        if other is broken:
            admission.give_back(self.deployment, broken)  # the second place there
        if error.reused:
            return broken
        raise error

    async def _ask(self, instance: Instance, *, fresh: bool) -> Connection:
        question = self.question
        connection = await self.exchanger.connections.get(instance, fresh=fresh)
        head = b"%b %b HTTP/1.1\r\n" % (question.method, question.target) + answers.model_headers(
            question.headers, question.request_id, self.deployment.name, len(question.body)
        )
        try:
            connection.send(head, question.body, bodiless=question.method == b"HEAD")
            await connection.head()
        except BaseException:  # a client that left, or the time that is over, too
            connection.close()
            raise
        return connection

    async def _deliver(self, instance: Instance, connection: Connection) -> None:
        record, collected = self.record, [] if self.deployment.collects[1] else None
        try:
            record.model_status = connection.status
            piece = await connection.piece()
            record.status, headers = answers.client_headers(
                connection, self.deployment.name, self.question.request_id, kubernetes=self.kubernetes
            )
            if record.status != connection.status:
                record.reason = "model_error"
            self.begun = True
            await self.delivery.begin(record.status, headers)
            while True:
                last = connection.ended
                record.response_bytes += len(piece)
                if collected is not None and record.response_bytes <= COLLECTED:
                    collected.append(piece)
                if last:
                    # free before the client hears of it: its next request may come at once
                    self.exchanger.connections.put(instance, connection)
                await self.delivery.write(piece, last=last)
                if last:
                    break
                piece = await connection.piece()
        finally:
            if not connection.ended:
                connection.close()
        if collected is not None and record.response_bytes <= COLLECTED:
            record.response = b"".join(collected)
