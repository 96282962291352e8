# SPDX-License-Identifier: Apache-2.0
"""A platform written from a blueprint, driven through the command line on its local target."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from ruamel.yaml import YAML

from groundplan_emulator import process
from tests.cli.conftest import Cli, cli

__all__ = ["cli"]


_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass
class PlatformOnDisk:
    """The command line in a platform's repository."""

    run: Cli

    @classmethod
    def write(cls, outside: Cli, blueprint: str) -> "PlatformOnDisk":
        """`groundplan init`, then everything inside of what it wrote."""
        outside("init", "platform", "--blueprint", blueprint, "--project", "vision")
        return cls(Cli(outside.folder / "platform", outside.home))

    def config(self, stack: str, state: str) -> Path:
        """A configuration file."""
        return self.run.folder / "stacks" / stack / f"Pulumi.{state}.yaml"

    def change(self, stack: str, state: str, keys: list[str], value: object) -> None:
        """Set one value of a configuration file."""
        yaml, path = YAML(), self.config(stack, state)
        content: Any = yaml.load(path)
        inner = content["config"]
        for key in keys[:-1]:
            inner = inner[key]
        assert inner[keys[-1]] != value
        inner[keys[-1]] = value
        yaml.dump(content, path)

    def edit_in_azure(self, identifier: str, api_version: str, **properties: object) -> None:
        """Change a resource behind Pulumi's back."""
        server = process.find(self.run.home / "local")
        assert server is not None
        with httpx.Client(
            base_url=server.http,
            params={"api-version": api_version},
            headers={"Authorization": "Bearer local"},
            timeout=30,
            trust_env=False,
        ) as client:
            body = client.get(identifier).raise_for_status().json()
            body["properties"] |= properties
            client.put(identifier, json=body).raise_for_status()

    def in_azure(self) -> list[str]:
        """Ids of everything that Azure has.

        GUIDs are left out: role assignments are named after principals, and an identity that is made again is another principal.
        """
        found: list[str] = self.run.json("local", "status")["ids"]
        return sorted(_GUID.sub("*", each) for each in found)
