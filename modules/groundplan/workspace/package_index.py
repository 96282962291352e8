# SPDX-License-Identifier: Apache-2.0
"""The hosts that pip downloads packages from, as pip itself is configured on this machine."""

from __future__ import annotations

import ast
import ipaddress
import subprocess
import sys
from collections.abc import Sequence
from urllib.parse import urlsplit

from groundplan.errors import ArgumentError

_SOURCES = ("global", "install", ":env:")  # the later ones win, as in pip


def package_hosts(index_urls: Sequence[str] = ()) -> tuple[str, ...]:
    """Hosts of the package indexes in `index_urls`; without any, those of pip's configuration and PIP_ variables.

    Where pip has none configured, those that pip falls back to, together with the host of their files. Raises `ArgumentError`
    where pip cannot be asked, or an index has no host name that a firewall could let through.
    """
    urls = list(index_urls) or _configured()
    hosts = [host for url in urls if (host := _host(url))] if urls else _built_in()
    return tuple(dict.fromkeys(hosts))


def _configured() -> list[str]:
    """`index-url` and `extra-index-url`, or nothing where pip would use its own index only."""
    answer = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list", "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if answer.returncode:
        raise ArgumentError(
            f"outbound preset 'python': {sys.executable} -m pip config list failed "
            f"({(answer.stderr.strip().splitlines() or ['no message'])[-1]}); install pip there or pass index_urls"
        )
    found: dict[str, str] = {}
    for line in answer.stdout.splitlines():
        key, _, quoted = line.partition("=")
        found[key] = str(ast.literal_eval(quoted))
    main = [found[key] for source in _SOURCES if (key := f"{source}.index-url") in found]
    extra = [found[key] for source in _SOURCES if (key := f"{source}.extra-index-url") in found]
    more = extra[-1].split() if extra else []
    if not main:
        return [f"https://{host}/" for host in _built_in()] + more if more else []
    return [main[-1], *more]


def _built_in() -> list[str]:
    try:
        from pip._internal.models.index import PyPI  # pip shows its own default nowhere else
    except ImportError as error:
        raise ArgumentError(
            f"outbound preset 'python': this pip does not tell its default index ({error}); pass index_urls"
        ) from None
    return [PyPI.netloc, PyPI.file_storage_domain]


def _host(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "file":
        return ""
    host, allowed = parts.hostname or "", {"http": (None, 80), "https": (None, 443)}.get(parts.scheme, ())
    if not host or _is_address(host) or "." not in host or parts.port not in allowed:
        raise ArgumentError(
            f"outbound preset 'python': package index {parts.scheme}://{parts.netloc.rpartition('@')[2]} cannot be let through: "
            "a managed network opens host names on ports 80 and 443; pass index_urls that compute can reach"
        )
    return host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
