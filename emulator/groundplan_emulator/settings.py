# SPDX-License-Identifier: Apache-2.0
"""What a running emulator was started with."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import uuid
from dataclasses import dataclass
from pathlib import Path

from groundplan_emulator import client_environment


@dataclass(frozen=True, slots=True)
class Identity:
    """Ids and secrets made at first start and kept in `identity.json` (mode 0600) of the state folder."""

    subscription_id: str
    tenant_id: str
    principal_id: str
    identity_header: str
    master_key: str

    @classmethod
    def load(cls, folder: Path) -> Identity:
        """Read `identity.json`, or make it."""
        path = folder / "identity.json"
        if path.exists():
            return cls(**json.loads(path.read_text()))
        made = cls(
            str(uuid.uuid4()), str(uuid.uuid4()), str(uuid.uuid4()), secrets.token_urlsafe(32), secrets.token_hex(32)
        )
        temporary = path.with_suffix(".new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({name: getattr(made, name) for name in cls.__slots__}, file)
        temporary.replace(path)
        return made

    def derive(self, *parts: str, size: int = 32) -> bytes:
        """A secret that depends on its parts and this emulator alone, so that keys need not be stored."""
        out = b""
        while len(out) < size:
            message = "\0".join((*parts, str(len(out)))).encode()
            out += hmac.digest(bytes.fromhex(self.master_key), message, hashlib.sha256)
        return out[:size]

    def guid(self, *parts: str) -> str:
        """A GUID that depends on its parts and this emulator alone."""
        return str(uuid.UUID(bytes=self.derive("guid", *parts, size=16), version=4))


@dataclass(frozen=True, slots=True)
class Settings:
    """Ports (0 before they are known), the state folder and identity."""

    folder: Path
    http_port: int
    https_port: int
    identity: Identity
    page_size: int = 200
    proxy_port: int = 0

    @property
    def https(self) -> str:
        """`https://127.0.0.1:port`."""
        return f"https://127.0.0.1:{self.https_port}"

    @property
    def http(self) -> str:
        """`http://127.0.0.1:port`."""
        return f"http://127.0.0.1:{self.http_port}"

    def client_variables(self) -> dict[str, str]:
        """What leads Microsoft's clients here, for the processes of jobs and deployments."""
        return client_environment.variables(
            http=self.http,
            https=self.https,
            bundle=str(self.folder / "bundle.pem"),
            identity_header=self.identity.identity_header,
            subscription_id=self.identity.subscription_id,
            tenant_id=self.identity.tenant_id,
        )
