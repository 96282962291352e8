# SPDX-License-Identifier: Apache-2.0
"""A Pulumi engine on this machine: where it is, which version, where it came from."""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Source = Literal["path", "cache", "download", "build"]
"""Where an engine came from: on PATH, in our cache already, downloaded just now, or built just now."""

BUILT_VERSION = "3.230.0"
"""The version that `toolchain/module/go.mod` pins: newer `pkg/v3` modules than 3.232 are not published."""

MINIMUM_VERSION = (3, 230, 0)
"""The oldest engine that the tests of this project run on. Older ones start policy packs in another way."""

ACCEPTED = f">={'.'.join(map(str, MINIMUM_VERSION))},<4"
"""The accepted range in words, for messages. Pulumi 4 may change the protocol that our language host speaks."""

LANGUAGE_HOST = "pulumi-language-python"

_VERSION = re.compile(r"^v?(\d+)\.(\d+)\.(\d+)(?:[-+].*)?$")


@dataclass(frozen=True)
class Engine:
    """A Pulumi engine that this project accepts."""

    pulumi: Path
    """The `pulumi` executable (absolute; a link on PATH stays a link)."""
    version: str
    """Its version without the leading `v`, such as `3.230.0`."""
    source: Source
    """Where it came from."""
    language_host: Path | None
    """The official Python language host beside it, or None where `activate` has to add ours."""


def parse_version(text: str) -> tuple[int, int, int] | None:
    """Return (major, minor, patch) of what `pulumi version` prints, or None where it is not a version."""
    match = _VERSION.match(text.strip())
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def is_accepted(version: str) -> bool:
    """Tell whether an engine of this version is in the accepted range."""
    parsed = parse_version(version)
    return parsed is not None and MINIMUM_VERSION <= parsed < (4,)


def ask_version(pulumi: Path, env: Mapping[str, str], timeout: float = 30.0) -> str | None:
    """Run `pulumi version` and return its answer without the `v`, or None where it does not run.

    The timeout is in seconds; a cold start of the 85 MB executable on a busy machine takes a few.
    """
    quiet = {**env, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        done = subprocess.run(
            [pulumi, "version"],
            env=quiet,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = done.stdout.strip()
    return version.removeprefix("v") if done.returncode == 0 and parse_version(version) else None


def language_host_beside(pulumi: Path) -> Path | None:
    """Return the official language host that ships beside an engine: the engine looks there itself."""
    host = pulumi.resolve().with_name(LANGUAGE_HOST)
    # The official host needs its executor beside it; without it, it is a broken installation.
    complete = os.access(host, os.X_OK) and host.with_name(f"{LANGUAGE_HOST}-exec").is_file()
    return host if complete else None
