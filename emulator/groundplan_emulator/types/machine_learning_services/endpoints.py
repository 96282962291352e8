# SPDX-License-Identifier: Apache-2.0
"""What online and batch endpoints, and their deployments, have in common."""

from __future__ import annotations

import re

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import conflict
from groundplan_emulator.arm.resource import NameRule, Write
from groundplan_emulator.types.machine_learning_services.service import user_error

NAME = NameRule(
    r"(?=.{3,32}$)[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*",
    "3 to 32 letters, digits and single hyphens, starting with a letter and not ending in a hyphen",
)
ASSET = re.compile(
    r"/subscriptions/.+/workspaces/[^/]+/(models|environments|codes|data|components)/[^/]+/(versions|labels)/[^/]+",
    re.IGNORECASE,
)


def host(name: str, location: str, base: str) -> str:
    """The address of an endpoint: Azure's host name as the first segment of a path of the emulator."""
    return f"{base}/{name.lower()}.{location}.inference.ml.core.local"


def refuse_taken(write: Write, type_: str) -> None:
    """409 when another endpoint of the region has the name."""
    for other in write.ctx.store.of_type(type_, name=write.id.name):
        if other.key != write.id.key and other.body.get("location") == write.body.get("location"):
            raise conflict(
                "Conflict",
                f"There is already an endpoint with this name ({write.id.name}), endpoint names must be unique within a region"
                " (or cluster, if using a Kubernetes endpoint). Try a different name.",
                target="name",
            )


def check_asset(ctx: Context, target: str, asset_id: object) -> None:
    """400 when an id names a model, environment or code version of a workspace that does not exist; other references pass."""
    if not isinstance(asset_id, str):
        return
    path = asset_id.removeprefix("azureml:")
    if ASSET.fullmatch(path) is None:
        return
    holder, _, label = path.rpartition("/")
    found = ctx.get(path) if holder.lower().endswith("/versions") else ctx.get(holder.rpartition("/")[0])
    if found is None:
        raise user_error(f"The asset '{asset_id}' of '{target}' (version or label '{label}') was not found.", target)
