# SPDX-License-Identifier: Apache-2.0
"""The Pulumi packages that a Python has installed, and the plugins they ask for."""

import base64
import json
import re
from dataclasses import dataclass
from pathlib import Path

from pulumi.runtime.proto import plugin_pb2

from groundplan_engine.language_host import probe
from groundplan_engine.language_host.errors import HostError
from groundplan_engine.language_host.interpreter import Facts

WITHOUT_PLUGINS = frozenset({"pulumi-policy", "pulumi-esc-sdk"})
"""First-party packages that have no plugin; the older ones among them do not say so themselves."""

_VERSION = re.compile(
    r"^(?P<release>\d+(?:\.\d+)*)(?:(?P<kind>a|b|rc)(?P<pre>\d+))?(?:\.post(?P<post>\d+))?(?:\.dev(?P<dev>\d+))?$"
)
_PRE_RELEASE = {"a": "alpha", "b": "beta", "rc": "rc"}


@dataclass(frozen=True)
class Distribution:
    """An installed distribution."""

    name: str
    """Normalised: lower case, `-` between words."""
    version: str
    folder: Path
    """Where its modules lie."""


def installed(python: Facts) -> list[Distribution]:
    """Return what an interpreter has installed, by name."""
    return [Distribution(name, version, Path(at)) for name, version, at in probe.distributions(list(python.path))]


def required_packages(python: Facts) -> list[plugin_pb2.PackageDependency]:
    """Return the plugins that the installed Pulumi packages ask for, as the official host does.

    Every installed package counts, used or not: the engine needs to know before the program runs. A plugin that is on
    PATH is never fetched: the engine looks there first and takes it in any version.
    """
    found = (plugin_of(distribution) for distribution in installed(python))
    return [plugin for plugin in found if plugin is not None]


def plugin_of(distribution: Distribution) -> plugin_pb2.PackageDependency | None:
    """Return the plugin of a distribution, or None where it has none or its version can not be told."""
    described = _read_description(distribution)
    if distribution.name in WITHOUT_PLUGINS or (described is None and not distribution.name.startswith("pulumi-")):
        return None
    described = {"resource": True} if described is None else described
    if not described.get("resource"):
        return None
    version = str(described.get("version") or "") or plugin_version(distribution.version)
    if version is None:
        return None
    plugin = plugin_pb2.PackageDependency(
        name=str(described.get("name") or "") or distribution.name.removeprefix("pulumi-"),
        version=f"v{version.removeprefix('v')}",
        kind="resource",
        server=str(described.get("server") or ""),
    )
    if isinstance(parameter := described.get("parameterization"), dict):
        plugin.parameterization.name = str(parameter.get("name", ""))
        plugin.parameterization.version = str(parameter.get("version", ""))
        plugin.parameterization.value = base64.b64decode(str(parameter.get("value", "")))
    return plugin


def plugin_version(version: str) -> str | None:
    """Turn a Python version into the plugin's semantic version, or None where that can not be done.

    `1.0` becomes `1.0.0`, `1.2.3a4` becomes `1.2.3-alpha.4`, `1.2.3.post4.dev5` becomes `1.2.3+post4dev5`.
    """
    match = _VERSION.match(version)
    if match is None:
        return None
    release = match["release"].split(".")
    text = ".".join(release + ["0"] * (3 - len(release)))
    if match["kind"]:
        text += f"-{_PRE_RELEASE[match['kind']]}.{match['pre']}"
    build = "".join(f"{word}{match[word]}" for word in ("post", "dev") if match[word] is not None)
    return f"{text}+{build}" if build else text


def _read_description(distribution: Distribution) -> dict[str, object] | None:
    # By convention the module is called as the distribution is, with underscores.
    path = distribution.folder / distribution.name.replace("-", "_") / "pulumi-plugin.json"
    try:
        described = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise HostError(f"{path} can not be read: {error}") from error
    if not isinstance(described, dict):
        raise HostError(f"{path} must hold a JSON object, got {type(described).__name__}")
    return described
