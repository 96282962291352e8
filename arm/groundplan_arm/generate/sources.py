# SPDX-License-Identifier: Apache-2.0
"""The installed `pulumi_azure_native` read as text: classes, properties, annotations and enum values, never imported.

Facts read: wire names (`@pulumi.getter(name=)`), types (annotations of `__init__`), required flags (a keyword without default),
discriminator constants and defaults (`pulumi.set` and `x = literal` in `__init__`), API versions (docstrings).
"""

from __future__ import annotations

import ast
import importlib.util
import itertools
import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, cast

_PRIMITIVES = {"str": "s", "int": "i", "float": "n", "bool": "b", "Any": "*"}
_VERSION = re.compile(r"Uses Azure REST API version (\S+?)\.(?:\s|$)")
_OTHERS = re.compile(r"Other available API versions: ([0-9A-Za-z, .-]+?)\. These can")
_GETTER = re.compile(r'@pulumi\.getter(?:\(name="(\w+)"\))?\n    def (\w+)\(self\) -> (.+):\n')
_PARAMETER = re.compile(r"^ +(\w+): (.+?)( = None)?,?$", re.MULTILINE)
_CONSTANT = re.compile(r"pulumi\.set\(__self__, \"(\w+)\", '([^']*)'\)")
_DEFAULT = re.compile(r"^        if (\w+) is None:\n            \1 = (.+)$", re.MULTILINE)
_CLASS = re.compile(r"^class (\w+)", re.MULTILINE)
_BLOCK = re.compile(r"^(?:@|class |if |def |__all__)", re.MULTILINE)

Kind = str | dict[str, list[Any]]
"""A type in the notation of the data file: see `groundplan_arm.shapes`."""


@dataclass
class Field:
    """One property of a class, as the SDK declares it."""

    kind: Kind
    required: bool = False
    const: str | None = None
    default: Any = None


@dataclass
class Declaration:
    """The constructor side of a resource or function."""

    fields: dict[str, Field]
    outputs: dict[str, Field] = field(default_factory=dict)
    api_version: str = ""
    other_versions: tuple[str, ...] = ()


def sdk_root() -> Path:
    """The folder of the installed SDK. Raises `FileNotFoundError` where it is not installed."""
    spec = importlib.util.find_spec("pulumi_azure_native")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("pulumi-azure-native is not installed: install the project with its dependencies")
    return Path(spec.origin).parent


class ClassText:
    """A generated file cut into its top-level classes; nothing is parsed until asked for."""

    def __init__(self, path: Path) -> None:
        self._text = path.read_text() if path.exists() else ""
        ends = [match.start() for match in _BLOCK.finditer(self._text)] + [len(self._text)]
        following = dict(itertools.pairwise(ends))
        self._spans = {match[1]: (match.start(), following[match.start()]) for match in _CLASS.finditer(self._text)}

    def __contains__(self, name: str) -> bool:
        return name in self._spans

    def __getitem__(self, name: str) -> str:
        """The text of one class."""
        start, end = self._spans[name]
        return self._text[start:end]


class Module:
    """One module of the SDK (`keyvault`)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = sdk_root() / name
        self._kinds: dict[str, Kind] = {}
        if not self.folder.is_dir():
            raise FileNotFoundError(f"pulumi-azure-native has no module '{name}'")

    @cached_property
    def _inputs(self) -> ClassText:
        return ClassText(self.folder / "_inputs.py")

    @cached_property
    def _outputs(self) -> ClassText:
        return ClassText(self.folder / "outputs.py")

    @cached_property
    def _enums(self) -> ClassText:
        return ClassText(self.folder / "_enums.py")

    @cached_property
    def _files(self) -> dict[str, Path]:
        """Resource file by class name: `private_endpoint.py` for PrivateEndpoint, found by its type token."""
        found: dict[str, Path] = {}
        for path in sorted(self.folder.glob("*.py")):
            if path.name.startswith(("_", "outputs", "get_", "list_")):
                continue
            token = re.search(r'^@pulumi\.type_token\("[^"]+:(\w+)"\)', path.read_text(), re.MULTILINE)
            if token:
                found[token[1]] = path
        return found

    @cached_property
    def functions(self) -> dict[str, Path]:
        """Function file by function name: `getVault`, `listStorageAccountKeys`."""
        found: dict[str, Path] = {}
        for path in sorted([*self.folder.glob("get_*.py"), *self.folder.glob("list_*.py")]):
            token = re.search(r"pulumi\.runtime\.invoke\('[^']+:(\w+)'", path.read_text())
            if token:
                found[token[1]] = path
        return found

    def enum(self, name: str) -> list[Any] | None:
        """Values of an enum, None when there is no such enum."""
        if name not in self._enums:
            return None
        body = cast("ast.ClassDef", ast.parse(self._enums[name]).body[0]).body
        return [
            step.value.value for step in body if isinstance(step, ast.Assign) and isinstance(step.value, ast.Constant)
        ]

    def has(self, name: str) -> bool:
        """Whether the module has a nested type of that name."""
        return name in self._inputs or name in self._outputs

    def fields(self, name: str) -> dict[str, Field] | None:
        """Properties of a nested input (`...Args`) or output (`...Response`) type by wire name."""
        for text in (self._inputs, self._outputs):
            if name in text:
                return self._class_fields(text[name])
        return None

    def resource(self, name: str) -> Declaration:
        """A resource class: its arguments and its outputs."""
        if name not in self._files:
            raise KeyError(f"pulumi-azure-native has no resource '{self.name}:{name}'")
        text = self._files[name].read_text()
        listed = re.search(rf"^__all__ = \['(\w+)', '{name}'\]", text, re.MULTILINE)
        arguments = listed[1] if listed else f"{name}Args"
        start, end = text.index(f"class {arguments}"), text.index("@pulumi.type_token")
        fields = self._class_fields(text[start:end])
        return Declaration(fields, self._getters(text[text.index("    def get(resource_name") :]), *_versions(text))

    def function(self, name: str) -> Declaration:
        """An invoke function: its arguments and the properties of its result."""
        text = self.functions[name].read_text()
        snake = self.functions[name].stem
        start = text.index(f"def {snake}(")
        call = text[start : text.index(f"def {snake}_output(", start)]
        signature = call[len(f"def {snake}(") : call.index(") ->")]
        wires = {variable: wire for wire, variable in re.findall(r"__args__\['(\w+)'\] = (\w+)", call)}
        fields = {
            wires[variable]: Field(self._annotated(annotation))
            for variable, annotation in re.findall(r"(\w+): (.+?) = None(?:,|$)", signature)
            if variable in wires
        }
        result = text[: text.index("\nclass Awaitable")] if "\nclass Awaitable" in text else text
        return Declaration(fields, self._getters(result), *_versions(text))

    def _getters(self, text: str) -> dict[str, Field]:
        found: dict[str, Field] = {}
        for wire, name, annotation in _GETTER.findall(text):
            found[wire or name] = Field(self._annotated(annotation))
        return found

    def _class_fields(self, text: str) -> dict[str, Field]:
        """Properties of a class with a generated constructor: one parameter a line, then one statement for each."""
        start = text.find("    def __init__(__self__")
        if start < 0:
            return {}
        signature = text[start : text.index("):\n", start)]
        end = text.find("\n    @", start)
        content = text[start + len(signature) : end if end > 0 else len(text)]
        wires = {name: wire for wire, name, _ in _GETTER.findall(text) if wire}
        constants = dict(_CONSTANT.findall(content))
        defaults = {name: ast.literal_eval(value) for name, value in _DEFAULT.findall(content)}
        return {
            wires.get(name, name): Field(
                self._annotated(annotation), not optional, constants.get(name), defaults.get(name)
            )
            for name, annotation, optional in _PARAMETER.findall(signature)
        }

    def _annotated(self, text: str) -> Kind:
        if text not in self._kinds:
            self._kinds[text] = self._kind(ast.parse(text, mode="eval").body)
        return self._kinds[text]

    def _kind(self, node: ast.expr | None) -> Kind:
        """An annotation in the notation of the data file."""
        if isinstance(node, ast.Constant):
            text = str(node.value)
            return self._named(text) if re.fullmatch(r"[\w.]+", text) else self._kind(ast.parse(text, mode="eval").body)
        if isinstance(node, ast.Attribute | ast.Name):
            return self._named(ast.unparse(node))
        if not isinstance(node, ast.Subscript):
            return "*"
        base = ast.unparse(node.value)
        arguments = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if base in ("Sequence", "Mapping"):
            inner = self._kind(arguments[-1])
            mark = "[]" if base == "Sequence" else "{}"
            return mark + inner if isinstance(inner, str) else {mark: [inner]}
        if base != "Union":
            return self._kind(arguments[0])
        return self._union([self._kind(argument) for argument in arguments if not _is_dict_twin(argument)])

    def _union(self, options: list[Kind]) -> Kind:
        if len(options) == 1:
            return options[0]
        names = [option for option in options if option != "s"]
        if len(names) == 1 and len(options) == 2 and isinstance(names[0], str) and names[0].startswith("!"):
            return "?" + names[0][1:]
        return {"|": options}

    def _named(self, name: str) -> Kind:
        last = name.rsplit(".", 1)[-1]
        if last in _PRIMITIVES:
            return _PRIMITIVES[last]
        if name.startswith("pulumi."):
            return "*"  # assets and archives
        return ("!" if last in self._enums else "#") + last


def _is_dict_twin(node: ast.expr) -> bool:
    """`Union['XArgs', 'XArgsDict']`: the dictionary form says nothing new."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith("ArgsDict")


def _versions(text: str) -> tuple[str, tuple[str, ...]]:
    used, others = _VERSION.search(text), _OTHERS.search(text)
    return used[1] if used else "", tuple(others[1].split(", ")) if others else ()


@cache
def module(name: str) -> Module:
    """The module of that name, read once."""
    return Module(name)
