# SPDX-License-Identifier: Apache-2.0
"""`python recorded_then_killed.py FOLDER`: records ten requests, says how many rows are written, then waits to be killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from groundplan_emulator.clock import Clock
from groundplan_emulator.ml.metrics import recorder, samples
from tests.emulator.ml.metrics.feed import endpoint, opened, recording, serve


async def main(folder: Path) -> None:
    """Never ends by itself."""
    with opened(folder, Clock()) as azure:
        scoring = endpoint(azure, "blue")
        async with recording(azure):
            serve(azure, scoring, "blue", *[10.0] * 10)
            while recorder.of(azure.store).pending:
                await asyncio.sleep(0.01)
            sys.stdout.write(f"{samples.count(azure.store)} {scoring.id}\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
