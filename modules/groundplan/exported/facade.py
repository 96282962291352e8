# SPDX-License-Identifier: Apache-2.0
"""A class for each component, with its name and outputs, whose constructor takes a dictionary."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from operator import attrgetter
from typing import Any, Final

from pulumi import ComponentResource, Output, ResourceOptions

import groundplan
from groundplan.component import Component, outputs_of
from groundplan.exported.typed_dicts import exported, hints_of, instance, typed_dict

RENAMED: Final[Mapping[str, str]] = {"id": "resource_id"}
"""Outputs under another name: Pulumi's host drops what a component calls `id`."""


def components() -> list[type[Component]]:
    """Every public component."""
    public = (getattr(groundplan, name) for name in dir(groundplan))
    return [each for each in public if isinstance(each, type) and issubclass(each, Component) and each is not Component]


def arguments_of(component: type[Component]) -> type:
    """The dataclass that a component's constructor takes."""
    return hints_of(component.__init__)["args"]


def facade(component: type[Component]) -> type[ComponentResource]:
    """The class that Pulumi's host serves in the place of a component."""
    arguments = arguments_of(component)
    construct_original: Any = component.__init__

    def construct(self: Component, name: str, args: Mapping[str, Any], opts: ResourceOptions | None = None) -> None:
        construct_original(self, name, instance(arguments, args, component.__name__), opts)

    construct.__annotations__["args"] = typed_dict(arguments)
    # not the hints of the whole class: its bases in the SDK annotate what exists for type checkers alone
    ours = (each for each in reversed(component.__mro__) if each.__module__.startswith("groundplan."))
    hints = {name: hint for each in ours for name, hint in inspect.get_annotations(each, eval_str=True).items()}
    outputs = {name: _output(hints[name]) for name in outputs_of(component)}
    outputs |= {public: outputs[own] for own, public in RENAMED.items() if own in outputs}
    body = {
        "__annotations__": outputs,
        "__doc__": component.__doc__,
        "__init__": construct,
        "__module__": component.__module__,
    }
    body |= {public: property(attrgetter(own)) for own, public in RENAMED.items() if own in outputs}
    return type(component.__name__, (component,), body)


def _output(hint: Any) -> Any:
    kind = exported(hint)
    return kind if getattr(kind, "__origin__", None) is Output else Output[_plain(kind)]


def _plain(kind: Any) -> Any:
    """A collection of outputs as what it is once they are known."""
    arguments = getattr(kind, "__args__", ())
    if arguments and getattr(arguments[-1], "__origin__", None) is Output:
        return kind.__origin__[(*arguments[:-1], arguments[-1].__args__[0])]
    return kind
