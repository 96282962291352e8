# SPDX-License-Identifier: Apache-2.0
"""Azure Resource Manager ids: parsed once, compared by a lower-case key.

    /subscriptions/S/resourceGroups/G/providers/Microsoft.Network/virtualNetworks/V/subnets/N
    <----------- scope -------------->          <- namespace ->   <- type/name pairs ------->

Source: "Understand the structure and syntax of resource ids" of the ARM documentation: ids ignore case, keep the case given, and an
extension resource's scope is everything before its own (the last) `/providers/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

_GROUPS = "Microsoft.Resources/resourceGroups"
_SUBSCRIPTIONS = "Microsoft.Resources/subscriptions"
_TENANTS = "Microsoft.Resources/tenants"


class InvalidResourceId(ValueError):  # noqa: N818  (the name says what is wrong)
    """A text that is no ARM id: it does not start with `/`, has an empty segment or ends inside a type."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(
            f"'{text}' is not an Azure resource id: {why}. "
            "Expected '/subscriptions/<subscription>/resourceGroups/<group>/providers/<namespace>/<type>/<name>'."
        )
        self.text = text


@dataclass(frozen=True)
class ResourceId:
    """One ARM id, split. Case is kept as given; `key` is what to compare and index by.

    `scope`: the id that the namespace hangs on ('' for the tenant; for an extension resource the id that it extends).
    `namespace`: `Microsoft.Network`; `Microsoft.Resources` for subscriptions and resource groups.
    `types`, `names`: equally long, from the outermost in; both empty for the tenant itself.
    """

    id: str
    scope: str
    namespace: str
    types: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> ResourceId:
        """Split an id; `/` is the tenant. Raises `InvalidResourceId`."""
        text = text.rstrip("/")
        if not text:
            return cls("/", "", "Microsoft.Resources", (), ())
        if text[0] != "/":
            raise InvalidResourceId(text, "it does not start with '/'")
        segments = text.split("/")
        if "" in segments[1:]:
            raise InvalidResourceId(text, "it has an empty segment")
        at = text.lower().rfind("/providers/")
        if at < 0:
            return cls._container(text, segments)
        rest = text[at + 11 :].split("/")
        if len(rest) < 3 or len(rest) % 2 == 0:
            raise InvalidResourceId(text, "after '/providers/' come a namespace and pairs of type and name")
        return cls(text, text[:at], rest[0], tuple(rest[1::2]), tuple(rest[2::2]))

    @classmethod
    def _container(cls, text: str, segments: list[str]) -> ResourceId:
        """Subscriptions and resource groups, which have no `/providers/` of their own."""
        head = segments[1].lower()
        if head == "subscriptions" and len(segments) == 3:
            return cls(text, "", "Microsoft.Resources", ("subscriptions",), (segments[2],))
        if head == "subscriptions" and len(segments) == 5 and segments[3].lower() == "resourcegroups":
            return cls(text, "/".join(segments[:3]), "Microsoft.Resources", ("resourceGroups",), (segments[4],))
        raise InvalidResourceId(text, "it names neither a subscription, a resource group nor a resource of a provider")

    @classmethod
    def of(cls, scope: str, type_: str, *names: str) -> ResourceId:
        """The id of `names` of an ARM type below a scope: `of(group_id, "Microsoft.Network/virtualNetworks/subnets", "v", "s")`."""
        namespace, *types = type_.split("/")
        if len(types) != len(names):
            raise ValueError(f"{type_} takes {len(types)} names, {len(names)} given: {', '.join(names)}")
        if type_.lower() == _GROUPS.lower():
            return cls.parse(f"{scope}/resourceGroups/{names[0]}")
        pairs = "".join(f"/{kind}/{name}" for kind, name in zip(types, names, strict=True))
        return cls.parse(f"{scope.rstrip('/')}/providers/{namespace}{pairs}")

    def child(self, type_: str, name: str) -> ResourceId:
        """The id of a child of this resource: `vnet.child("subnets", "s")`."""
        return ResourceId.parse(f"{self.id}/{type_}/{name}")

    def format(self) -> str:
        """The id as text, the case as given."""
        return self.id

    def __str__(self) -> str:
        return self.id

    @cached_property
    def key(self) -> str:
        """The id in lower case: two ids are the same resource exactly when their keys are equal."""
        return self.id.lower()

    @cached_property
    def type(self) -> str:
        """The ARM type, the case as given: `Microsoft.Network/virtualNetworks/subnets`."""
        if not self.types:
            return _TENANTS
        if self.namespace == "Microsoft.Resources" and self.types == ("subscriptions",):
            return _SUBSCRIPTIONS
        return f"{self.namespace}/{'/'.join(self.types)}"

    @property
    def name(self) -> str:
        """The last name ('' for the tenant)."""
        return self.names[-1] if self.names else ""

    @property
    def is_extension(self) -> bool:
        """Whether the resource extends another resource (its scope itself has a provider)."""
        return "/providers/" in self.scope.lower()

    @cached_property
    def subscription(self) -> str:
        """The subscription's id ('' outside subscriptions)."""
        segments = self.id.split("/", 3)
        return segments[2] if len(segments) > 2 and segments[1].lower() == "subscriptions" else ""

    @cached_property
    def resource_group(self) -> str:
        """The resource group's name ('' outside groups)."""
        segments = self.id.split("/", 5)
        return (
            segments[4] if len(segments) > 4 and segments[3].lower() == "resourcegroups" and self.subscription else ""
        )

    @cached_property
    def parent_id(self) -> str:
        """The id one step up: the parent resource, else the scope; '/' for a subscription or tenant resource."""
        if len(self.names) > 1:
            return self.id.rsplit("/", 2)[0]
        return self.scope or "/"

    @cached_property
    def parent(self) -> ResourceId | None:
        """The parent resource or scope; None for the tenant."""
        return ResourceId.parse(self.parent_id) if self.names else None
