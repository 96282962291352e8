# SPDX-License-Identifier: Apache-2.0
"""The emulator's own certificate authority, made at first start and kept in the state folder."""

from __future__ import annotations

import functools
import os
import ssl
from pathlib import Path

import certifi
import trustme

HOSTS = ("127.0.0.1", "localhost")
MOST_LEAVES = 256
"""How many certificates of hosts are kept; the one that was not used for longest goes first."""


def ensure(folder: Path) -> ssl.SSLContext:
    """Make what is missing of `ca.pem`, `ca.key` and `bundle.pem` (certifi's bundle plus ours); a TLS context for the server."""
    authority = _authority(folder)
    bundle = folder / "bundle.pem"
    content = Path(certifi.where()).read_bytes() + b"\n" + authority.cert_pem.bytes()
    if not bundle.exists() or bundle.read_bytes() != content:
        _replace(bundle, content, 0o644)
    return _context(authority, *HOSTS)


class Leaves:
    """Certificates for single hosts, made when they are asked for."""

    def __init__(self, folder: Path, most: int = MOST_LEAVES) -> None:
        self._folder = folder
        self._made = functools.lru_cache(most)(self._make)

    def context(self, host: str) -> ssl.SSLContext:
        """A TLS context for the server of a host."""
        return self._made(host)

    def _make(self, host: str) -> ssl.SSLContext:
        return _context(_authority(self._folder), host)


def _context(authority: trustme.CA, *hosts: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    authority.issue_cert(*hosts).configure_cert(context)
    return context


def _authority(folder: Path) -> trustme.CA:
    certificate, key = folder / "ca.pem", folder / "ca.key"
    if certificate.exists() and key.exists():
        return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    authority = trustme.CA(organization_name="Groundplan", organization_unit_name="Azure on localhost")
    _replace(key, authority.private_key_pem.bytes(), 0o600)
    _replace(certificate, authority.cert_pem.bytes(), 0o644)
    return authority


def _replace(path: Path, content: bytes, mode: int) -> None:
    temporary = path.with_name(path.name + ".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    temporary.replace(path)
