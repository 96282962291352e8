# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: T201  # a script: it imports what a mode needs, and prints its answer
"""What a Python interpreter is and has. Also run as a script by other interpreters: standard library only."""

import importlib.util
import json
import platform
import re
import sys
from pathlib import Path

DIST_INFO = re.compile(r"^(?P<name>.+?)-(?P<version>[^-]+)(?:-py[0-9.]+)?\.(?:dist-info|egg-info)$")


def describe() -> dict[str, object]:
    """Return the interpreter's path, version, module path, and whether it has the Pulumi SDK."""
    # A folder called `pulumi` in a project is a namespace package to Python, and not the SDK.
    spec = importlib.util.find_spec("pulumi") if "pulumi" not in sys.modules else None
    return {
        "executable": sys.executable,
        "version": platform.python_version(),
        "path": [entry for entry in sys.path if entry],
        "pulumi": "pulumi" in sys.modules or (spec is not None and spec.origin is not None),
    }


def distributions(path: list[str]) -> list[tuple[str, str, str]]:
    """Return (name, version, folder) of each installed distribution, the first one of a name alone."""
    found: dict[str, tuple[str, str, str]] = {}
    for folder in path:
        for entry in sorted(Path(folder).glob("*-info")):
            match = DIST_INFO.match(entry.name)
            if match:
                name = re.sub(r"[-_.]+", "-", match.group("name")).lower()
                found.setdefault(name, (name, match.group("version"), folder))
    return sorted(found.values())


def required(path: list[str]) -> list[str]:
    """Return the names of distributions that another installed one asks for on this interpreter."""
    from importlib import metadata

    names: set[str] = set()
    for distribution in metadata.distributions(path=path):
        for requirement in distribution.requires or ():
            name, _, marker = requirement.partition(";")
            match = re.match(r"\s*([A-Za-z0-9._-]+)", name)
            if match and holds(marker):
                names.add(re.sub(r"[-_.]+", "-", match.group(1)).lower())
    return sorted(names)


def holds(marker: str) -> bool:
    """Tell whether a requirement's marker is true here; extras nobody asked for are not."""
    if not marker.strip():
        return True
    try:
        from packaging.markers import Marker
    except ImportError:
        try:
            from pip._vendor.packaging.markers import Marker  # pyright: ignore
        except ImportError:
            return "extra" not in marker
    return bool(Marker(marker).evaluate({"extra": ""}))


if __name__ == "__main__":
    # Run as `python probe.py [required]`: our own folder must not offer modules to the interpreter.
    sys.path.pop(0)
    known = describe()
    if sys.argv[1:] == ["required"]:
        known["required"] = required([entry for entry in sys.path if entry])
    print(json.dumps(known))
