# SPDX-License-Identifier: Apache-2.0
"""Remembers which resource of which program created which ARM resource.

Pulumi writes its state after a create has returned. When the engine or this process is killed in between, Azure has a resource that no
state knows, and the next `up` would be refused for ever with "cannot create already existing resource". With a journal, Create takes
such a resource over, but only for the very URN that made it. One small file per ARM id, written before the request goes out.
"""

import hashlib
import json
import os
from pathlib import Path


class Journal:
    """A folder of entries; without a folder nothing is remembered and every existing resource is refused, as azure-native does."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def begin(self, resource_id: str, urn: str) -> None:
        """A create of `resource_id` for `urn` is about to be sent."""
        if self._folder is None:
            return
        entry = _entry(self._folder, resource_id)
        scratch = entry.with_suffix(f".{os.getpid()}.new")
        scratch.write_text(json.dumps({"id": resource_id, "urn": urn}))
        scratch.replace(entry)

    def made_by(self, resource_id: str, urn: str) -> bool:
        """Whether `urn` is known to have created `resource_id`."""
        if self._folder is None:
            return False
        try:
            entry = json.loads(_entry(self._folder, resource_id).read_text())
        except (FileNotFoundError, ValueError):
            return False
        return entry.get("urn") == urn

    def end(self, resource_id: str) -> None:
        """The resource is gone."""
        if self._folder is not None:
            _entry(self._folder, resource_id).unlink(missing_ok=True)


def _entry(folder: Path, resource_id: str) -> Path:
    return folder / f"{hashlib.sha256(resource_id.casefold().encode()).hexdigest()[:40]}.json"
