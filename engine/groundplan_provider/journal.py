# SPDX-License-Identifier: Apache-2.0
"""Remembers which resource of which program created which ARM resource.

Pulumi writes its state after a create has returned. When the engine or this process is killed in between, Azure has a resource that no
state knows: the next `up` would be refused for ever with "cannot create already existing resource", or would make a second one under
another automatic name. With a journal, Check keeps the name that an interrupted create had chosen, and Create takes the resource
over, but only for the very URN that made it.

Two small files a create, written before the request goes out: one by ARM id, one by URN. That of the URN goes as soon as the engine
shows that its state knows the resource.
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
        for entry in (_entry(self._folder, resource_id), _entry(self._folder, urn)):
            scratch = entry.with_suffix(f".{os.getpid()}.new")
            scratch.write_text(json.dumps({"id": resource_id, "urn": urn}))
            scratch.replace(entry)

    def unfinished(self, urn: str) -> str | None:
        """The id that a create for `urn` was sent for, while no state is known to hold it."""
        return self._read(urn).get("id")

    def known(self, resource_id: str, urn: str) -> None:
        """The engine's state holds `resource_id` for `urn`."""
        if self._folder is not None and self._read(urn).get("id", "").casefold() == resource_id.casefold():
            _entry(self._folder, urn).unlink(missing_ok=True)

    def made_by(self, resource_id: str, urn: str) -> bool:
        """Whether `urn` is known to have created `resource_id`."""
        return self._read(resource_id).get("urn") == urn

    def end(self, resource_id: str) -> None:
        """The resource is gone."""
        if self._folder is not None:
            _entry(self._folder, resource_id).unlink(missing_ok=True)

    def _read(self, key: str) -> dict[str, str]:
        if self._folder is None:
            return {}
        try:
            return json.loads(_entry(self._folder, key).read_text())
        except (FileNotFoundError, ValueError):
            return {}


def _entry(folder: Path, key: str) -> Path:
    """Keys are ARM ids, whose case does not matter, and URNs, which never begin with a slash."""
    text = key.casefold() if key.startswith("/") else key
    return folder / f"{hashlib.sha256(text.encode()).hexdigest()[:40]}.json"
