# SPDX-License-Identifier: Apache-2.0
"""The environment variables that uv gets: the user's own, which say where packages come from, without what points back at the emulator."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

_CERTIFICATES: Final = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_PROXIES: Final = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
_OF_PYTHON: Final = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "CONDA_PREFIX", "UV_PYTHON", "UV_PROJECT_ENVIRONMENT")
_SECRET: Final = re.compile(r"(?<=://)[^/\s@]+@")


def of_uv() -> dict[str, str]:
    """All of uv's environment.

    A shell on the local target has the emulator's certificates and perhaps its proxy: uv goes out to the world, with the system's.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _OF_PYTHON}
    ours = [name for name in _CERTIFICATES if _of_emulator(kept.get(name, ""))]
    for name in ours:
        del kept[name]
    if ours:
        kept["UV_SYSTEM_CERTS"] = "1"
        for name in _PROXIES:
            if urlsplit(kept.get(name, "")).hostname in ("127.0.0.1", "localhost"):
                del kept[name]
    return {**kept, "NO_COLOR": "1", "UV_NO_PROGRESS": "1", "UV_HTTP_RETRIES": kept.get("UV_HTTP_RETRIES", "2")}


def _of_emulator(bundle: str) -> bool:
    path = Path(bundle)
    return bool(bundle) and path.name == "bundle.pem" and path.with_name("ca.pem").exists()


def without_secrets(text: str) -> str:
    """A text whose addresses name no users."""
    return _SECRET.sub("", text)
