# SPDX-License-Identifier: Apache-2.0
"""Loads azure-native's classes one by one, as a program uses them.

A module of azure-native loads whole with the first use of any of its classes: `network` is 700 classes in 250 files, a third
of the time that a small preview takes in Python, for the three that a private endpoint needs.
"""

import importlib
import importlib.util
import re
import sys
import types

_PACKAGE = "pulumi_azure_native."
_NOT_LOADED = "_LazyModule"
"""Name of the class that the SDK gives to a module which loads with its first use (it is private there)."""


def load_on_use() -> None:
    """Have azure-native's modules load the classes that are used, instead of all. Those that are loaded already stay so."""
    for name, module in list(sys.modules.items()):
        if name.startswith(_PACKAGE) and type(module).__name__ == _NOT_LOADED:
            module.__class__ = ModuleOfClasses


class ModuleOfClasses(types.ModuleType):
    """A module of azure-native of which nothing is loaded but what was asked for."""

    def __getattr__(self, name: str) -> object:
        """The class, function, enumeration or submodule. What is not found by its name has the whole module loaded."""
        if not _is_dunder(name):
            for file in _files(name):
                self._take(file)
                if name in vars(self):
                    return vars(self)[name]
        elif name != "__all__":  # which `from ... import *` asks for, and then takes everything
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        _load(self)
        return getattr(self, name)

    def __dir__(self) -> list[str]:
        """Every name of the module."""
        _load(self)
        return dir(self)

    def __reduce__(self) -> tuple[object, ...]:
        """Its name: dynamic providers are kept in the state with the modules that they use."""
        return importlib.import_module, (self.__name__,)

    def _take(self, file: str) -> None:
        """Import a submodule, if there is one, and take its public names, as the whole module does of each."""
        full = f"{self.__name__}.{file}"
        if importlib.util.find_spec(full) is None:
            return
        found = importlib.import_module(full)
        setattr(self, file, found)  # `outputs` imports itself, when nobody has set it yet
        if file != "outputs":
            for name in getattr(found, "__all__", ()):
                setattr(self, name, getattr(found, name))  # a function may have the name of its file


def _files(name: str) -> list[str]:
    """Where to look for a name; where several files have it, the one that the whole module takes it from comes first."""
    if name.endswith(("Args", "ArgsDict")):
        return ["_inputs", _snake(name.removesuffix("InitArgs").removesuffix("Args"))]
    subject = name.removesuffix("_output").removeprefix("Awaitable").removesuffix("Result")
    return [_snake(subject), "_enums"]


def _snake(name: str) -> str:
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)).lower()


def _is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _load(module: types.ModuleType) -> None:
    module.__class__ = types.ModuleType
    loader = module.__spec__.loader if module.__spec__ else None
    if loader is not None:
        loader.exec_module(module)
