# SPDX-License-Identifier: Apache-2.0
"""What an environment asks for, in words that pip understands: a conda file's packages are taken by their names from the package index.

A conda specification becomes a requirement: `numpy=1.26` any 1.26, `numpy==1.26.4` that one, `numpy>=1.20,<2` as it stands; channels and
builds are dropped. What no index of Python packages has (compilers, CUDA, system libraries) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from groundplan_emulator.store import Resource

NAMES: Final = {
    "black-jupyter": "black",
    "lightning": "lightning",
    "matplotlib-base": "matplotlib",
    "msgpack-python": "msgpack",
    "opencv": "opencv-python-headless",
    "py-lightgbm": "lightgbm",
    "py-opencv": "opencv-python-headless",
    "py-xgboost": "xgboost",
    "py-xgboost-cpu": "xgboost",
    "pytables": "tables",
    "python-flatbuffers": "flatbuffers",
    "python-graphviz": "graphviz",
    "pytorch": "torch",
    "pytorch-cpu": "torch",
    "pytorch-gpu": "torch",
    "tensorflow-gpu": "tensorflow",
    "tensorflow-mkl": "tensorflow",
}
"""Conda's name of a package where the index has another one."""
NOT_PYTHON: Final = re.compile(
    r"_.*|cuda.*|cudnn|nccl|mkl|nomkl|.*blas|lapack|lib(?!cst|sass|rosa).*|gcc.*|gxx.*|gfortran.*|clang.*|compilers?|c-compiler|cxx-compiler"
    r"|binutils.*|sysroot.*|openssl|ca-certificates|openmpi|mpich|ffmpeg|git|make|nodejs|openjdk|java.*|r-.*|perl.*|pytorch-cuda"
    r"|pytorch-mutex|intel-openmp|llvm-openmp|xz|zlib|bzip2|readline|sqlite|tk|ncurses|python_abi|tzdata|unixodbc|curl|wget|vc|vs20.*"
)
"""What conda installs besides Python packages."""
_SPEC = re.compile(r"(?:[^\s:]+::)?(?P<name>[A-Za-z0-9_.-]+?)\s*(?P<extras>\[[\w,\s-]+\])?\s*(?P<version>[\s<>=!~].*)?")
_OPTIONS = ("--index-url", "--extra-index-url", "--find-links", "--no-index", "--pre", "-i", "-f", "-r", "-c", "-e")


class UnsolvableError(Exception):
    """An environment that cannot be made; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class Needs:
    """`python`: a version such as '3.10' or '' for any; `packages`: lines of a requirements file; `left_out`: what is not installed."""

    python: str = ""
    packages: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The packages' normalised names."""
        return frozenset(name for name in map(name_of, self.packages) if name)


def name_of(requirement: str) -> str:
    """The normalised name of what a requirement asks for; '' for options and for paths."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    try:
        return canonicalize_name(Requirement(requirement.partition(" #")[0]).name)
    except InvalidRequirement:
        return ""


def needs_of(environment: Resource | None) -> Needs:
    """What a stored environment's version asks for: its conda file, or nothing. Raises `UnsolvableError` for a file that cannot be read."""
    if environment is None:
        return Needs()
    text = environment.properties.get("condaFile")
    return needs_of_conda(text if isinstance(text, str) else "")


def needs_of_conda(text: str) -> Needs:
    """What the text of a conda file asks for. Raises `UnsolvableError` where it is no conda file."""
    from ruamel.yaml import YAML, YAMLError

    try:
        found = YAML(typ="safe", pure=True).load(text) if text.strip() else {}
    except YAMLError as error:
        raise UnsolvableError(f"The conda file is no YAML: {_one_line(str(error))}") from None
    if not isinstance(found, dict):
        raise UnsolvableError("The conda file must be a mapping with the key 'dependencies'.")
    listed = found.get("dependencies") or []
    if not isinstance(listed, list):
        raise UnsolvableError("'dependencies' of the conda file must be a list.")
    python, packages, left_out = "", list[str](), list[str]()
    for entry in listed:
        if isinstance(entry, dict):
            packages += _pip(entry)
            continue
        match = _SPEC.fullmatch(str(entry).strip())
        if match is None:
            raise UnsolvableError(f"'{entry}' in the conda file's dependencies is no package.")
        name = match["name"].lower()
        if name == "python":
            python = _python(match["version"] or "")
        elif NOT_PYTHON.fullmatch(name):
            left_out.append(str(entry))
        else:
            packages.append(_requirement(name, match["extras"] or "", match["version"] or ""))
    return Needs(python, tuple(dict.fromkeys(packages)), tuple(left_out))


def _pip(section: dict[Any, Any]) -> Iterator[str]:
    for kind, lines in section.items():
        if kind != "pip" or not isinstance(lines, list):
            raise UnsolvableError(
                f"The conda file's dependencies have '{kind}'; the only section allowed is a list under 'pip'."
            )
        for line in _lines(lines):
            if line.startswith("-") and not line.startswith(_OPTIONS):
                raise UnsolvableError(f"The option '{line}' in the conda file's pip section is not supported.")
            yield line


def _lines(lines: Iterable[object]) -> Iterator[str]:
    for each in lines:
        yield from (
            line.strip() for line in str(each).splitlines() if line.strip() and not line.strip().startswith("#")
        )


def _requirement(name: str, extras: str, version: str) -> str:
    name = NAMES.get(name, name)
    parts = [constraint for each in _without_build(version).split(",") if (constraint := _constraint(each))]
    return f"{name}{extras}{','.join(parts)}"


def _without_build(version: str) -> str:
    """`=1.26.4=py310_0` and `1.26.4 py310_0` are a version and a build."""
    text = version.strip()
    if text.startswith(("==", "<", ">", "!", "~")) or "," in text or "|" in text:
        return text.replace(" ", "")
    words = text.lstrip("=").replace("=", " ").split()
    exact = len(words) > 1 or not version.startswith("=")
    return f"=={words[0]}" if words and exact else f"={words[0]}" if words else ""


def _constraint(text: str) -> str:
    """One constraint in pip's words; '' where it says nothing, or where pip has no words for it (alternatives)."""
    text = text.strip().strip("'\"")
    if not text or "|" in text or text in ("*", "=*", "==*"):
        return ""
    if re.match(r"==|<=|>=|!=|~=|<|>", text):
        return text
    number = text.lstrip("=")
    return f"=={number}" if number.endswith("*") else f"=={number}.*"


def _python(version: str) -> str:
    """The version as uv takes it: '3.10', '3.10.4' or '>=3.9,<3.12'."""
    parts = [each.strip().lstrip("=").removesuffix(".*") for each in _without_build(version).split(",")]
    return ",".join(each for each in parts if each and "|" not in each)


def _one_line(text: str) -> str:
    return " ".join(text.split())
