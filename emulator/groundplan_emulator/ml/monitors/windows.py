# SPDX-License-Identifier: Apache-2.0
"""The data of a signal as files: all of an asset, or what was collected in a time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from groundplan_emulator import iso_durations
from groundplan_emulator.ml import files
from groundplan_emulator.ml.collection import read
from groundplan_emulator.ml.jobs import inputs
from groundplan_emulator.ml.jobs.executors import JobError
from groundplan_emulator.ml.jobs.run import Run
from groundplan_emulator.ml.monitors.definition import WINDOWED
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.planes.blob.rows import Place


def window_of(given: dict[str, Any], at: float) -> tuple[float, float] | None:
    """From when (inclusive) to when (exclusive) data counts for a monitor that runs at a time; None for all of it."""
    kind = given.get("inputDataType")
    if kind not in WINDOWED:
        return None
    if kind == "Static":
        return _seconds(given["windowStart"]), _seconds(given["windowEnd"])
    end = at - iso_durations.seconds(given.get("windowOffset") or "P0D")
    return end - iso_durations.seconds(given["windowSize"]), end


async def fetch(run: Run, what: str, given: dict[str, Any], at: float, folder: Path) -> list[Path]:
    """Bring the data into a folder; its files. `what` it is, for messages. Raises `JobError` where there is none."""
    try:
        with run.azure.working() as ctx:
            workspace = run.workspace(ctx)
            place = files.place(ctx, inputs.uri_of(ctx, workspace, given), workspace)
        window = window_of(given, at)
        if window is None:
            return await files.download(run.azure, place, folder)
        content = await asyncio.to_thread(_collected, run, place, *window)
    except NotFoundError as error:
        raise JobError(f"The {what} ('{given.get('uri')}') was not found: {error}.") from None
    except (KeyError, orjson.JSONDecodeError):
        raise JobError(
            f"The {what} ('{given.get('uri')}') has no times: only what a deployment's data collector wrote has a window. Give other data"
            " without a window."
        ) from None
    if not content:
        raise JobError(
            f"The {what} has nothing from {_stamp(window[0])} to {_stamp(window[1])}: was the model asked in that time, and does its"
            " deployment collect data?"
        )
    file = folder / "collected.jsonl"
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    await asyncio.to_thread(file.write_bytes, content)
    return [file]


def _collected(run: Run, place: Place, start: float, end: float) -> bytes:
    with run.azure.store.reader() as connection:
        return read.json_lines(connection, Place(place.account, place.container, place.name.rstrip("/")), start, end)


def _seconds(moment: str) -> float:
    read_ = datetime.fromisoformat(moment)
    return (read_ if read_.tzinfo else read_.replace(tzinfo=UTC)).timestamp()


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
