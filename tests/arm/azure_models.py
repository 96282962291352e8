# SPDX-License-Identifier: Apache-2.0
"""The wire names in the models of Microsoft's installed clients, read from their sources (nothing is imported)."""

from __future__ import annotations

import re
import sysconfig
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_CLASS = re.compile(r"^class (\w+)\(([^)]*)\):(.*?)(?=^class |\Z)", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(
    r"""^\ {4}(?!__)(\w+):\ ((?:(?!"{3}|\ =\ rest_).)+?)\ =\ (?:\(\s*)?      # name: annotation =
        rest_(?:field|discriminator)\(((?:(?!"{3}).)*?)\)\s*(?:\)\s*)?      # rest_field(arguments)
        (?:\#[^\n]*)?\n(?=\ {4})""",
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
_BUILDER = re.compile(r"^def (build_\w+_request)\(.*?(?=^def |^class |\Z)", re.MULTILINE | re.DOTALL)
_METHOD = re.compile(r"^    def (\w+)\((.*?)(?=^    def |^class |\Z)", re.MULTILINE | re.DOTALL)
_URL = re.compile(r'_url = (?:kwargs\.pop\(\s*"template_url",\s*)?\(?\s*((?:"[^"]*"\s*)+)')


@dataclass(frozen=True)
class Operation:
    """One call of a client."""

    method: str
    path: str
    api_version: str
    body: str
    answer: str


class Client:
    """One client package: its operations, and the wire names of its models."""

    def __init__(self, package: str) -> None:
        self._folder = Path(sysconfig.get_paths()["purelib"], *package.split("."))
        self._fields: dict[str, dict[str, set[str]]] = {}

    @cached_property
    def operations(self) -> list[Operation]:
        found: list[Operation] = []
        for path in sorted((self._folder / "operations").glob("_*operations.py")):
            text = path.read_text()
            builders = {match[1]: _request(match[0]) for match in _BUILDER.finditer(text)}
            for match in _METHOD.finditer(text):
                for name in re.findall(r"(build_\w+_request)\(", match[0]):
                    method, url, version = builders.get(name, ("", "", ""))
                    sent = re.search(r": (?:Optional\[)?Union\[_models\.(\w+)", match[2].split("->")[0])
                    got = re.search(r"-> _models\.(\w+):", match[0])
                    found.append(Operation(method, url, version, sent[1] if sent else "", got[1] if got else ""))
        return found

    @cached_property
    def _models(self) -> dict[str, tuple[list[str], dict[str, list[str]]]]:
        text = (self._folder / "models" / "_models.py").read_text()
        models: dict[str, tuple[list[str], dict[str, list[str]]]] = {}
        for name, bases, content in _CLASS.findall(text):
            fields: dict[str, list[str]] = {}
            for attribute, annotation, arguments in _FIELD.findall(content):
                wire = re.search(r'name="([^"]+)"', arguments)
                fields[wire[1] if wire else attribute] = re.findall(r"_models\.(\w+)", annotation)
            models[name] = [base.split(".")[-1].strip() for base in bases.split(",")], fields
        return models

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        below: dict[str, list[str]] = {}
        for name, (bases, _) in self._models.items():
            for base in bases:
                below.setdefault(base, []).append(name)
        return below

    def fields(self, name: str) -> dict[str, set[str]]:
        """Wire names of a model, its bases and those derived from it (chosen by discriminator), with the models of each."""
        if name not in self._fields:
            found: dict[str, set[str]] = {}
            for part in {*self._family(name, up=True), *self._family(name, up=False)}:
                for wire, models in self._models[part][1].items():
                    found.setdefault(wire, set()).update(models)
            self._fields[name] = found
        return self._fields[name]

    def _family(self, name: str, *, up: bool) -> list[str]:
        if name not in self._models:
            return []
        following = self._models[name][0] if up else self._below.get(name, [])
        return [name, *(found for other in following for found in self._family(other, up=up))]


def _request(text: str) -> tuple[str, str, str]:
    method, url = re.search(r'method="(\w+)"', text), _URL.search(text)
    version = re.search(r'"api-version", (?:_api_version or )?"([^"]+)"', text)
    path = "".join(re.findall(r'"([^"]*)"', url[1])) if url else ""
    return method[1] if method else "", path, version[1] if version else ""
