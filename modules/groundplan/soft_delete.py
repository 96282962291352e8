# SPDX-License-Identifier: Apache-2.0
"""Carries out a `SoftDelete`: a hook before each creation, a guard that outlives the resource, nothing where neither is asked for.

The hook runs in the program, before the engine creates the resource, also where it replaces one; a preview runs none. What Azure's
own inputs recover (`createMode`, `restore`) is asked for by a look at what is deleted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pulumi import (
    Config,
    Input,
    InvokeOptions,
    Output,
    Resource,
    ResourceHook,
    ResourceHookArgs,
    ResourceHookBinding,
    ResourceOptions,
)
from pulumi.runtime import is_dry_run
from pulumi_azure_native import authorization

from groundplan.actions.soft_deleted import SERVICES, Kind, Place
from groundplan.component import Component
from groundplan.interfaces import SoftDelete

if TYPE_CHECKING:
    from groundplan.actions.arm import Arm

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Keeping:
    """`options` are for the resource; `recover` says whether it has to be brought back, None where nobody asked."""

    options: ResourceOptions
    recover: Output[bool] | None = None


def keeping(
    component: Component, logical: str, kind: Kind, where: tuple[Input[str], str], policy: SoftDelete | None
) -> Keeping:
    """What a policy means for a resource that is to be made; `where` is its resource group and its Azure name."""
    if policy is None:
        return Keeping(ResourceOptions())
    group, name = where
    client = authorization.get_client_config_output(opts=InvokeOptions(parent=component))
    place = Output.all(client.subscription_id, group).apply(
        lambda found: Place(kind, str(found[0]), str(found[1]), name)
    )
    depends: list[Resource] = []
    if policy.on_destroy == "purge":
        from groundplan.actions.purge_guard import PurgeGuard

        depends = [PurgeGuard(f"{logical}-purge", kind, place.apply(lambda found: found.id), component.child())]
    if policy.on_create == "recover":
        return Keeping(ResourceOptions(depends_on=depends), place.apply(_is_kept))
    if policy.on_create == "refuse" and not SERVICES[kind].kept:
        return Keeping(ResourceOptions(depends_on=depends))  # nothing to look at: Azure itself refuses
    hook = ResourceHook(f"soft-delete:{kind}:{logical}:{name}", _before_create(place, policy))
    return Keeping(ResourceOptions(depends_on=depends, hooks=ResourceHookBinding(before_create=[hook])))


def _before_create(place: Output[Place], policy: SoftDelete) -> Callable[[ResourceHookArgs], Awaitable[None]]:
    async def clear(_args: ResourceHookArgs) -> None:
        from groundplan.actions import soft_deleted

        act = soft_deleted.purge if policy.on_create == "purge" else soft_deleted.refuse
        found = await place.future()
        assert found is not None  # noqa: S101  # there are no unknown values in an up
        await asyncio.to_thread(_with_arm, lambda arm: act(arm, found))

    return clear


async def _is_kept(place: Place) -> bool:
    """Whether a deleted resource holds the name; a preview does not ask."""
    if is_dry_run():
        return False
    from groundplan.actions.soft_deleted import find

    return await asyncio.to_thread(_with_arm, lambda arm: find(arm, place) is not None)


def _with_arm(act: Callable[[Arm], T]) -> T:
    """Run in a thread: the engine waits for answers of this program meanwhile."""
    from groundplan.actions.arm import connect
    from groundplan.actions.cloud import Settings

    configured = Config("azure-native")
    with connect(Settings(lambda key: configured.get(key.partition(":")[2]))) as arm:
        return act(arm)
