# SPDX-License-Identifier: Apache-2.0
"""What a policy is evaluated for: a resource among others, the values of parameters, the time, and the counts that are under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from groundplan_policies.azure_policy.aliases import Alias
from groundplan_policies.azure_policy.fields import Counted, FieldName, Selected, select
from groundplan_policies.azure_policy.filled import filled
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Named:
    """The item of a list of the policy that a `count` is at."""

    name: str
    value: Any


@dataclass(frozen=True)
class Situation:
    """One evaluation.

    `resource`: what `field` conditions look at. `parameters`: values by name in lower case. `policy`: what `policy()` gives.
    `counts`: from the outside in. `asked`: the resource that the policy is about, where `resource` is one related to it.
    """

    resource: Resource
    stack: Stack
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    policy: Mapping[str, str] = field(default_factory=dict[str, str])
    now: datetime = field(default_factory=_now)
    counts: tuple[Counted | Named, ...] = ()
    asked: Resource | None = None

    def select(self, name: FieldName, of: Resource | None = None) -> Selected:
        """What a field selects, of another resource where one is given."""
        resource = self.resource if of is None else of
        counted = self.counted if of is None else ()
        found = select(resource, name, counted)
        return filled(found, name, resource, self.stack, counted) if isinstance(name, Alias) else found

    @property
    def counted(self) -> tuple[Counted, ...]:
        """The counts over lists of the resource."""
        return tuple(each for each in self.counts if isinstance(each, Counted))

    def counting(self, at: Counted | Named) -> Situation:
        """The same, with one more count under way."""
        return replace(self, counts=(*self.counts, at))
