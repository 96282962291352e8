# SPDX-License-Identifier: Apache-2.0
"""The base of every Groundplan component."""

import inspect

from pulumi import ComponentResource, Output, ResourceOptions

from groundplan.aliases import drop_unused_aliases
from groundplan.azure_classes import load_on_use
from groundplan.name_collisions import refuse_collisions

load_on_use()  # before a component's file asks for its first class


class Component(ComponentResource):
    """A component resource whose type is `groundplan:index:<class>` and whose outputs are its annotated attributes.

    A subclass creates its children with `opts=self.child()`, assigns its annotated attributes, then calls `seal()`.
    """

    def __init__(self, name: str, opts: ResourceOptions | None = None) -> None:
        drop_unused_aliases()  # children inherit what the stack has by now
        refuse_collisions()
        super().__init__(f"groundplan:index:{type(self).__name__}", name, None, opts)

    def child(self, options: ResourceOptions | None = None) -> ResourceOptions:
        """Options of a child: this component is its parent, and `options` adds to that."""
        return ResourceOptions.merge(ResourceOptions(parent=self), options)

    def seal(self) -> None:
        """Register every annotated attribute as an output; the last statement of a constructor."""
        self.register_outputs({camel(attribute): getattr(self, attribute) for attribute in outputs_of(type(self))})


def outputs_of(component: type[Component]) -> tuple[str, ...]:
    """Names of a component's outputs: the public attributes that its class and its bases annotate, in that order."""
    classes = (each for each in reversed(component.__mro__) if issubclass(each, Component))
    return tuple(
        attribute for each in classes for attribute in inspect.get_annotations(each) if not attribute.startswith("_")
    )


def child_id(parent_id: Output[str], segment: str, name: str) -> Output[str]:
    """ARM id of a child resource, e.g. `child_id(vnet.id, "subnets", "training")`."""
    return Output.concat(parent_id, "/", segment, "/", name)


def camel(name: str) -> str:
    """`max_nodes` as `maxNodes`: Python's spelling of a name in Pulumi's."""
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)
