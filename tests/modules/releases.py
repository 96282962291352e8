# SPDX-License-Identifier: Apache-2.0
"""What programs of a release left in the state, recorded when it was made.

`releases/<version>.zip` holds `programs/<name>.py`, the modules that they import, and `states/<name>.json`, the state after an up.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("releases")
IDENTITY = {
    "subscription_id": "8d0c9f4e-6f63-4a38-9d2f-3f1c1c6c2b11",
    "tenant_id": "5a1e7c0b-94de-4e0a-8f55-2b1f0d6f7a22",
    "principal_id": "c7f3b8d2-0f6e-4f2a-9a44-6e9d1b3c5d33",
    "identity_header": "only for these tests",
    "master_key": "00" * 32,
}
"""Of the Azure on which states are recorded and upgraded: ids in a state must be those of the preview."""

PIP = {"PIP_INDEX_URL": "https://packages.example.com/simple", "PIP_EXTRA_INDEX_URL": ""}
"""The package index that presets of outbound rules find, on every machine."""


def recorded() -> list[tuple[str, str]]:
    """Version and name of every recorded program."""
    found: list[tuple[str, str]] = []
    for path in sorted(FOLDER.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            names = sorted(Path(name).stem for name in archive.namelist() if name.startswith("states/"))
        found += [(path.stem, name) for name in names]
    return found


def unpack(version: str, folder: Path) -> None:
    """Lay the programs and states of a release down in a folder."""
    with zipfile.ZipFile(FOLDER / f"{version}.zip") as archive:
        archive.extractall(folder)


def prepare(folder: Path) -> None:
    """Give an Azure on localhost that starts in `folder` the ids of the recordings."""
    folder.mkdir(parents=True)
    (folder / "identity.json").write_text(json.dumps(IDENTITY))


def states(version: str) -> dict[str, list[dict[str, Any]]]:
    """Resources of each recorded state, by the program's name."""
    with zipfile.ZipFile(FOLDER / f"{version}.zip") as archive:
        return {
            Path(name).stem: json.loads(archive.read(name))["deployment"]["resources"]
            for name in archive.namelist()
            if name.startswith("states/")
        }
