# SPDX-License-Identifier: Apache-2.0
"""What one stack exports and another one reads: typed, versioned, checked before anything is created."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any, ClassVar, Final, Self

import pulumi
from pulumi import Input

from groundplan.component import camel
from groundplan.errors import ContractError

_RESOURCE_ID: Final = re.compile(r"/subscriptions/[^/]+(/[^/]+)+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Contract:
    """Base of all contracts. The exporting program gives outputs as values, the reading one gets plain values.

    A field's name says what it holds: `..._id` an ARM id, `..._ids` ARM ids by key, any other a text.
    """

    VERSION: ClassVar[int] = 1
    """Raised with every change that an older reader would misunderstand."""

    @classmethod
    def version(cls) -> str:
        """Name and number of this contract, exported beside its values."""
        return f"{cls.__name__}/{cls.VERSION}"

    def outputs(self) -> dict[str, Input[Any]]:
        """Stack outputs by name, the version among them."""
        return {"contract": self.version()} | {camel(each.name): getattr(self, each.name) for each in fields(self)}

    @classmethod
    async def read(cls, stack: str) -> Self:
        """Values that `stack` (`<organization>/<project>/<stack>`) exported at its last update.

        Raises `ContractError`, naming the stack and each output that is missing or malformed.
        """
        try:
            # a StackReference to a stack that does not exist ends the program before it could say what to do about it
            await pulumi.runtime.invoke_async("pulumi:pulumi:readStackOutputs", {"name": stack})
        except Exception as error:  # noqa: BLE001 (what the SDK raises when an invoke fails)
            reason = str(error).rpartition("returned an error: ")[2]
            raise ContractError(
                f"cannot read stack {stack!r}: {reason}. Deploy that stack first, or name another one in this "
                "stack's configuration as <organization>/<project>/<stack>"
            ) from None
        outputs: Mapping[str, Any] = await pulumi.StackReference(stack).outputs.future() or {}
        return cls.check(stack, outputs)

    @classmethod
    def check(cls, stack: str, outputs: Mapping[str, Any]) -> Self:
        """The contract from a stack's plain outputs, each checked."""
        if not outputs:
            raise ContractError(f"stack {stack!r} exports nothing; is it deployed? Run `pulumi up` in its folder first")
        found = outputs.get("contract")
        if found != cls.version():
            raise ContractError(
                f"stack {stack!r} exports contract {found!r}, but this program reads {cls.version()!r}; "
                "deploy both from the same version of the code, the exporting one first"
            )
        problems = [problem for each in fields(cls) for problem in _problems(each.name, outputs)]
        if problems:
            raise ContractError(f"stack {stack!r} breaks contract {cls.version()}:\n" + "\n".join(problems))
        return cls(**{each.name: outputs[camel(each.name)] for each in fields(cls)})


@dataclass(frozen=True, kw_only=True)
class Foundation(Contract):
    """What `0-foundation` gives to every later stack."""

    project: str
    """Short name of the platform."""
    environment: str
    """Name of the environment."""
    location: str
    """Azure region of the network."""
    endpoints_subnet_id: Input[str]
    """ARM id of the subnet for private endpoints."""
    training_subnet_id: Input[str]
    """ARM id of the subnet for compute."""
    dns_zone_ids: Mapping[str, Input[str]]
    """ARM ids of the private DNS zones by key (`dns.ZONES`)."""
    log_analytics_workspace_id: Input[str]
    """ARM id of the Log Analytics workspace."""
    application_insights_id: Input[str]
    """ARM id of Application Insights."""
    action_group_id: Input[str]
    """ARM id of the action group for alerts."""


def sibling(project: str) -> str:
    """Reference to the stack of another project that has this stack's organization and name, on any backend."""
    return f"{pulumi.get_organization()}/{project}/{pulumi.get_stack()}"


def _problems(name: str, outputs: Mapping[str, Any]) -> list[str]:
    key = camel(name)
    if key not in outputs:
        near = get_close_matches(key, outputs, n=1)
        return [f"  {key} is missing" + (f"; there is {near[0]!r}" if near else "")]
    value = outputs[key]
    if name.endswith("_ids"):
        good, kind = isinstance(value, dict) and value and all(map(_is_resource_id, value.values())), "ARM ids by key"
    elif name.endswith("_id"):
        good, kind = _is_resource_id(value), "an ARM id"
    else:
        good, kind = isinstance(value, str) and value, "a text"
    return [] if good else [f"  {key} is {value!r}, not {kind}"]


def _is_resource_id(value: object) -> bool:
    return isinstance(value, str) and _RESOURCE_ID.fullmatch(value) is not None
