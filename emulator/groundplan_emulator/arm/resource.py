# SPDX-License-Identifier: Apache-2.0
"""`ArmType`: everything a resource type does differently from plain ARM, declared in its class.

A type without a file of its own is an `ArmType` too: its row in `groundplan_arm` gives schema, versions and names, and the
generic life cycle in `lifecycle.py` does the rest. A type with behaviour has one file under `types/`, whose class docstring ends
with "Differs from Azure:".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from groundplan_arm import ResourceType
from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import private_link
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.store import Resource

if TYPE_CHECKING:
    from groundplan_emulator.arm.context import Context


@dataclass(slots=True)
class Write:
    """A create or update on its way into the store. Hooks complete `body` in place; `private` is kept but never answered."""

    ctx: Context
    id: ResourceId
    body: dict[str, Any]
    old: Resource | None
    private: dict[str, Any] = field(default_factory=dict)

    @property
    def properties(self) -> dict[str, Any]:
        """The body's `properties`, made when absent."""
        return self.body.setdefault("properties", {})

    @property
    def old_properties(self) -> dict[str, Any]:
        """`properties` before this write; empty on create."""
        return self.old.body.get("properties", {}) if self.old else {}

    def keep(self, *names: str) -> None:
        """Carry properties that only the service sets over from the stored resource."""
        for name in names:
            if name in self.old_properties:
                self.properties[name] = self.old_properties[name]


@dataclass(frozen=True, slots=True)
class NameRule:
    """ARM's rule for a name: a pattern that the whole name matches, and the rule in words."""

    pattern: str
    words: str

    def check(self, type_: str, name: str) -> None:
        """400 InvalidResourceName with the rule in words."""
        if re.fullmatch(self.pattern, name) is None:
            raise ArmError(
                400,
                "InvalidResourceName",
                f"The resource name '{name}' of type '{type_}' is invalid: {self.words}.",
                target="name",
            )


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long the service takes with a realistic or manual clock; 0 answers at once."""

    create: float = 0.0
    update: float = 0.0
    delete: float = 0.0


F = TypeVar("F", bound=Callable[..., Any])


def action(name: str, method: str = "POST") -> Callable[[F], F]:
    """Mark a method `(ctx, resource, body) -> Response` as the answer to `POST .../{name}` on a resource of its type."""

    def mark(function: F) -> F:
        function.__dict__.setdefault("arm_actions", []).append((method, name.lower()))
        return function

    return mark


def route(method: str, template: str) -> Callable[[F], F]:
    """Mark a method `(ctx, params, body) -> Response` as the answer to a path that is no resource of its type.

    `template` is a path with `{placeholders}`, for example
    `/subscriptions/{subscriptionId}/providers/Microsoft.KeyVault/locations/{location}/deletedVaults/{name}`.
    """

    def mark(function: F) -> F:
        function.__dict__.setdefault("arm_routes", []).append((method, template))
        return function

    return mark


class ArmType:
    """A resource type of the emulated Azure. Subclasses declare; the life cycle calls the hooks in the order they stand here."""

    type: ClassVar[str] = ""
    """`Microsoft.Network/virtualNetworks`; empty for the generic type."""
    api_versions: ClassVar[tuple[str, ...]] = ()
    """Versions accepted besides those of the type table; needed for a type that the table does not have."""
    name_rule: ClassVar[NameRule | None] = None
    global_name: ClassVar[tuple[int, str] | None] = None
    """(status, code) of the refusal when another resource of the type anywhere has the same name."""
    required: ClassVar[tuple[str, ...]] = ()
    """Paths that the service requires although the published schema does not."""
    references: ClassVar[tuple[str, ...]] = ()
    """Paths of ids that must name existing resources; `[*]` steps over a list."""
    immutable: ClassVar[tuple[str, ...]] = ()
    """Paths that are fixed at creation; left out of an update, they keep their value."""
    write_only: ClassVar[tuple[str, ...]] = ()
    """Paths that are kept in `private` and never answered."""
    location_required: ClassVar[bool] = True
    """Whether a tracked type refuses a first PUT without a location; otherwise `fill` gives it one."""
    created_status: ClassVar[int] = 201
    updated_status: ClassVar[int] = 200
    deleted_status: ClassVar[int] = 200
    seconds: ClassVar[Seconds] = Seconds()
    polled: ClassVar[bool] = False
    """A write always has an operation to poll, as on Azure, even one that is over at once: Microsoft's generated clients read a
    polymorphic body (a compute, a deployment) right only from the GET that ends the polling."""
    creating: ClassVar[str] = "Creating"
    """The provisioning state while a create is running; some services say Updating."""
    implicit: ClassVar[bool] = False
    """The resource is there whenever its parent is (`blobServices/default`): children need no PUT of it first."""

    def __init__(self, row: ResourceType | None = None, type_: str = "") -> None:
        self.row = row
        self.name = self.type or type_ or (row.arm_type if row else "")
        self.actions = dict(self._marked("arm_actions"))
        self.routes = list(self._marked("arm_routes"))

    def _marked(self, label: str) -> Iterator[tuple[tuple[str, str], Callable[..., Any]]]:
        for cls in reversed(type(self).__mro__):
            for function in vars(cls).values():
                for mark in getattr(function, label, ()):
                    yield mark, function.__get__(self)

    # -- hooks

    def understood(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body of a write as the service reads it, before validation: where it takes other spellings than its schema says."""
        return body

    def check(self, write: Write) -> None:
        """Refuse a write (raise ArmError): rules that schema, `references` and `immutable` do not say."""

    def fill(self, write: Write) -> None:
        """Complete the body with defaults and what only the service sets."""

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """Side effects of a write that is in the store (records, connections, children)."""

    def waits(self, ctx: Context, resource: Resource, kind: str) -> bool:
        """Whether something that happens ends the operation (a process that comes up), and not the clock.

        Whoever makes it happen calls `operations.finish`. `kind` is create, update or delete.
        """
        return False

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """What GET answers, where it is more than the stored body (a network's subnets). Must not write.

        Without a say of the type's own: the body, with the private endpoint connections where Azure answers them.
        """
        return private_link.show(ctx, resource) if self.row and private_link.answered(self.row) else resource.body

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """Refuse a delete (raise ArmError), for example because the resource is in use."""

    def deleting_absent(self, ctx: Context, id_: ResourceId) -> None:
        """What a DELETE still does when the resource is not there (a purge of a soft-deleted one)."""

    def listed(self, ctx: Context, found: Iterable[Resource]) -> Iterable[Resource]:
        """Which of the resources a list answers, in which order (`ctx.request.query` has the client's filters)."""
        return found

    def connecting(self, ctx: Context, resource: Resource) -> None:
        """Refuse a private endpoint to the resource (raise ArmError), for example because its sku has none."""

    def bury(self, ctx: Context, resource: Resource) -> None:
        """Keep a copy for recovery (`ctx.store.bury`) where the type soft-deletes; children still exist."""

    def deleted(self, ctx: Context, resource: Resource) -> None:
        """Side effects of a delete; the resource and everything below it is gone already."""

    def default(self, ctx: Context, id_: ResourceId) -> Resource | None:
        """The resource that exists without a PUT (`implicit` types), or None."""
        return None
