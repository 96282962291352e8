# SPDX-License-Identifier: Apache-2.0
"""What a running server says of itself in `server.json` of its state folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, as it describes itself in `server.json` of its state folder."""

    folder: Path
    pid: int
    http_port: int
    https_port: int
    subscription_id: str
    tenant_id: str
    identity_header: str
    version: str
    proxy_port: int = 0
    """0 for a server of a version without a proxy."""

    @property
    def http(self) -> str:
        """`http://127.0.0.1:port`: the provider, identity and control listener."""
        return f"http://{HOST}:{self.http_port}"

    @property
    def https(self) -> str:
        """`https://127.0.0.1:port`: the listener of Microsoft's clients."""
        return f"https://{HOST}:{self.https_port}"

    @property
    def proxy(self) -> str:
        """`http://127.0.0.1:port`: the proxy for clients whose hosts are fixed."""
        return f"http://{HOST}:{self.proxy_port}"

    @property
    def ca(self) -> Path:
        """The certificate authority of the HTTPS listener, PEM."""
        return self.folder / "ca.pem"

    @property
    def bundle(self) -> Path:
        """Certifi's authorities plus ours, PEM."""
        return self.folder / "bundle.pem"


def log_path(folder: Path) -> Path:
    """Where the server of a state folder writes what it has to say."""
    return folder / "server.log"
