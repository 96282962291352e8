# SPDX-License-Identifier: Apache-2.0
"""Puts the plugin where the engine finds it."""

import os
import shlex
import sys
from pathlib import Path

PLUGIN = "pulumi-resource-azure-native"
"""The name under which the engine looks for the plugin on PATH, before any that it has installed."""


def write(bin_dir: Path, journal: Path | None = None) -> Path:
    """Write the launcher into `bin_dir` and return it. It runs on the current interpreter; doing it again changes nothing.

    `journal` is the folder where the provider remembers what it has created (see `groundplan_provider.journal`).
    """
    bin_dir.mkdir(parents=True, exist_ok=True)
    lines = ["#!/bin/sh"]
    if journal is not None:
        lines.append(f'export GROUNDPLAN_PROVIDER_JOURNAL="${{GROUNDPLAN_PROVIDER_JOURNAL:-{journal.absolute()}}}"')
    # `sh` and `exec`: a `#!` line with Python in it breaks on blanks and long paths. -P: a `grpc.py` of the program is not ours.
    lines.append(f'exec {shlex.quote(sys.executable)} -P -m groundplan_provider "$@"')
    launcher = bin_dir / PLUGIN
    fresh = launcher.with_name(f".{launcher.name}.{os.getpid()}")
    fresh.write_text("\n".join(lines) + "\n")
    fresh.chmod(0o755)
    fresh.replace(launcher)
    return launcher
