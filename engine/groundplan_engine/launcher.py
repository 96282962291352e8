# SPDX-License-Identifier: Apache-2.0
"""Writes what an engine needs in front of PATH."""

import os
import shlex
import sys
import threading
from pathlib import Path

from groundplan_engine.engine import LANGUAGE_HOST, Engine
from groundplan_engine.errors import EngineError

DYNAMIC_PROVIDER = "pulumi-resource-pulumi-python"
"""The plugin behind `pulumi.dynamic`; the official engine ships it beside the language host."""

_SCRIPTS = Path(__file__).with_name("language_host")


def activate(engine: Engine, bin_dir: Path) -> list[Path]:
    """Make `bin_dir` lead to the engine and to a Python language host; return what to put first on PATH.

    Links the engine and, where it has no language host beside it, launchers of ours that run on the
    current interpreter. Doing it again changes nothing. Raises `EngineError` where the folder can not be written.
    """
    bin_dir = bin_dir.absolute()
    try:
        bin_dir.mkdir(parents=True, exist_ok=True)
        if engine.language_host is None:
            _link(bin_dir / "pulumi", engine.pulumi.absolute())
            _write(bin_dir / LANGUAGE_HOST, _launcher("__main__.py"))
            _write(bin_dir / DYNAMIC_PROVIDER, _launcher("dynamic_provider.py"))
        else:
            _point(bin_dir / "pulumi", engine.pulumi.absolute())
            # Ours would shadow the official ones, which know more.
            (bin_dir / LANGUAGE_HOST).unlink(missing_ok=True)
            (bin_dir / DYNAMIC_PROVIDER).unlink(missing_ok=True)
    except OSError as error:
        raise EngineError(
            f"the folder {bin_dir} can not be written: {error.strerror or error}; make it writable"
        ) from error
    return [bin_dir]


def _launcher(script: str) -> str:
    # `sh` and `exec` instead of a `#!` line with Python in it: that one breaks on blanks and on long paths.
    # The trap lasts until Python runs our first line: an interrupt while it starts would print a traceback.
    # -P: a program's own `grpc.py` in the working directory must not take the place of the real one.
    command = shlex.join([sys.executable, "-P", str(_SCRIPTS / script)])
    return f'#!/bin/sh\ntrap "" INT\nexec {command} "$@"\n'


def _point(link: Path, target: Path) -> None:
    """Make a symbolic link: the engine finds the official parts beside its target."""
    if link == target or (link.is_symlink() and link.readlink() == target):
        return
    fresh = _beside(link)
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)


def _link(link: Path, target: Path) -> None:
    if link == target or (link.exists() and link.samefile(target) and not link.is_symlink()):
        return
    fresh = _beside(link)
    fresh.unlink(missing_ok=True)
    # A hard link: the engine takes a language host beside its own executable for a part of itself, and warns about
    # any other on each command. With a symbolic link it would look beside the link's target.
    try:
        fresh.hardlink_to(target.resolve())
    except OSError:  # another file system, or another owner's file
        fresh.symlink_to(target)
    fresh.replace(link)
    # Where someone else was first, both names are one file, and a rename between these leaves the old name (POSIX).
    fresh.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    """Return a name that no other process or thread uses at this moment."""
    return path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")


def _write(path: Path, text: str) -> None:
    if path.is_file() and path.read_text() == text and os.access(path, os.X_OK):
        return
    fresh = _beside(path)
    fresh.write_text(text)
    fresh.chmod(0o755)
    fresh.replace(path)  # in one step: an engine that starts right now finds the old one or the new one
