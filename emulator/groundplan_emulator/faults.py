# SPDX-License-Identifier: Apache-2.0
"""Faults on demand: chosen requests are delayed, refused, or carried out and then answered with an error."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.store import Store

Phase = Literal["before", "after", "operation"]


@dataclass(slots=True)
class Fault:
    """What happens to requests whose path matches.

    `phase` before: refused, nothing is done; after: done, but the answer is the error; operation: accepted, and the
    long-running operation fails. `times` left, or None for always. `delay` in seconds comes before anything else.
    """

    id: int
    path: str
    method: str = "*"
    status: int = 0
    code: str = "InjectedFault"
    message: str = "A fault was injected into this request."
    delay: float = 0.0
    times: int | None = 1
    phase: Phase = "before"

    def matches(self, method: str, path: str) -> bool:
        """Whether this fault applies to a request."""
        return self.method in ("*", method) and re.search(self.path, path, re.IGNORECASE) is not None

    def error(self) -> ArmError:
        """The error that the client gets."""
        headers = {"x-ms-retry-after-ms": "10"} if self.status in (429, 503) else {}
        return ArmError(self.status, self.code, self.message, headers=headers)


class FaultError(ValueError):
    """A fault that cannot be added; the message says which field, its value and what is allowed."""


def _parse(number: int, spec: dict[str, Any]) -> Fault:
    fields = {field for field in Fault.__dataclass_fields__ if field != "id"}
    unknown = sorted(set(spec) - fields)
    if unknown:
        raise FaultError(f"unknown field {unknown[0]!r}; allowed: {', '.join(sorted(fields))}")
    if not isinstance(spec.get("path"), str):
        raise FaultError("field 'path' is required: a regular expression over the request's path")
    try:
        re.compile(spec["path"])
        fault = Fault(
            id=number,
            path=spec["path"],
            method=str(spec.get("method", "*")).upper(),
            status=int(spec.get("status", 0)),
            code=str(spec.get("code", "InjectedFault")),
            message=str(spec.get("message", "A fault was injected into this request.")),
            delay=float(spec.get("delay", 0.0)),
            times=None if spec.get("times", 1) is None else int(spec.get("times", 1)),
            phase=spec.get("phase", "before"),
        )
    except (re.error, TypeError, ValueError) as error:
        raise FaultError(str(error)) from None
    if fault.phase not in get_args(Phase):
        raise FaultError(f"field 'phase' is {fault.phase!r}; allowed: {', '.join(get_args(Phase))}")
    if fault.status and not 400 <= fault.status <= 599:
        raise FaultError(f"field 'status' is {fault.status}; allowed: 400 to 599, or 0 for a delay alone")
    if not 0 <= fault.delay <= 600:
        raise FaultError(f"field 'delay' is {fault.delay}; allowed: 0 to 600 seconds")
    return fault


class Faults:
    """The faults in force, kept in the store so that they outlive a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store
        saved: dict[str, Any] = store.meta("faults") or {"next": 1, "list": []}
        self._number: int = saved["next"]
        self._list = [Fault(**fault) for fault in saved["list"]]

    def add(self, spec: dict[str, Any]) -> Fault:
        """Add one from its JSON form; FaultError for a bad one."""
        fault = _parse(self._number, spec)
        self._number += 1
        self._list.append(fault)
        self._save()
        return fault

    def everything(self) -> list[dict[str, Any]]:
        """The faults in force, as JSON."""
        return [asdict(fault) for fault in self._list]

    def clear(self, number: int | None = None) -> int:
        """Remove one fault, or all; how many were removed."""
        before = len(self._list)
        self._list = [fault for fault in self._list if number is not None and fault.id != number]
        self._save()
        return before - len(self._list)

    def take(self, method: str, path: str) -> Fault | None:
        """The first fault that applies to a request, counted as used."""
        if not self._list:
            return None
        for fault in self._list:
            if fault.matches(method, path):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._list.remove(fault)
                    self._save()
                return fault
        return None

    def _save(self) -> None:
        with self._store.transaction():
            self._store.set_meta("faults", {"next": self._number, "list": [asdict(fault) for fault in self._list]})
