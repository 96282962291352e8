# SPDX-License-Identifier: Apache-2.0
"""The `runtime.options` of a Pulumi.yaml, PulumiPolicy.yaml or PulumiPlugin.yaml."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from google.protobuf.json_format import MessageToDict

from groundplan_engine.language_host.errors import HostError

if TYPE_CHECKING:
    from pulumi.runtime.proto import language_pb2

ToolchainName = Literal["auto", "pip", "poetry", "uv"]
T = TypeVar("T")
Typechecker = Literal["mypy", "pyright"]

_TOOLCHAINS: dict[str, ToolchainName] = {"pip": "pip", "poetry": "poetry", "uv": "uv"}
_TYPECHECKERS: dict[str, Typechecker] = {"mypy": "mypy", "pyright": "pyright"}


@dataclass(frozen=True)
class Options:
    """What a project says about the Python that runs it."""

    root: Path
    """The folder of the project file; a relative virtual environment counts from here."""
    program: Path
    """The folder of the program; lock files are looked for from here upwards."""
    virtualenv: str = ""
    """The virtual environment to run in; empty means the Python on PATH."""
    toolchain: ToolchainName = "auto"
    """Who manages dependencies; `auto` looks for uv.lock, then poetry.lock, and is pip otherwise."""
    typechecker: Typechecker | None = None
    """Runs before the program does."""

    def for_plugin(self) -> "Options":
        """Return the options of a plugin: with pip named and no environment, the environment is `venv`."""
        return replace(self, virtualenv="venv") if self.toolchain == "pip" and not self.virtualenv else self


def parse_options(info: "language_pb2.ProgramInfo") -> Options:
    """Read the options of a program; raises `HostError` for a value that no host knows."""
    given = MessageToDict(info.options)
    return Options(
        root=Path(info.root_directory),
        program=Path(info.program_directory),
        virtualenv=_text(given, "virtualenv") or "",
        toolchain=_choice(given, "toolchain", _TOOLCHAINS) or "auto",
        typechecker=_choice(given, "typechecker", _TYPECHECKERS),
    )


def _text(given: dict[str, object], name: str) -> str | None:
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        raise HostError(f"{name} option must be a string, got {value!r}")
    return value


def _choice(given: dict[str, object], name: str, allowed: dict[str, T]) -> T | None:
    value = _text(given, name)
    if value is None:
        return None
    if value not in allowed:
        raise HostError(f"unsupported {name} option: {value}; allowed are {', '.join(allowed)}")
    return allowed[value]
