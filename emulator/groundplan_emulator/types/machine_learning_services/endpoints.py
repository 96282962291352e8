# SPDX-License-Identifier: Apache-2.0
"""What online and batch endpoints, and their deployments, have in common."""

from __future__ import annotations

import re

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError, conflict
from groundplan_emulator.arm.resource import NameRule, Write
from groundplan_emulator.ml import references
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import endpoint_limits

NAME = NameRule(
    r"(?=.{3,32}$)[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*",
    "3 to 32 letters, digits and single hyphens, starting with a letter and not ending in a hyphen",
)
HOLDER = re.compile(r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/[^/]+/workspaces/[^/]+", re.IGNORECASE)
KINDS = {
    "model": "models",
    "environmentId": "environments",
    "environment": "environments",
    "codeId": "codes",
    "code": "codes",
}
"""What a property's name says about the asset that it refers to."""
NOUNS = {
    "models": "Model",
    "environments": "Environment",
    "codes": "Code",
    "data": "Data",
    "components": "Component",
}


def host(name: str, location: str, base: str) -> str:
    """The address of an endpoint: Azure's host name as the first segment of a path of the emulator."""
    return f"{base}/{name.lower()}.{location}.inference.ml.core.local"


def refuse_taken(write: Write, type_: str) -> None:
    """409 when another endpoint of the region has the name. Online and batch endpoints share their host names."""
    alike = endpoint_limits.TYPES if type_ in endpoint_limits.TYPES else (type_,)
    others = (other for each in alike for other in write.ctx.store.of_type(each, name=write.id.name))
    for other in others:
        if other.key != write.id.key and other.body.get("location") == write.body.get("location"):
            raise conflict(
                "Conflict",
                f"There is already an endpoint with this name ({write.id.name}), endpoint names must be unique within a region"
                " (or cluster, if using a Kubernetes endpoint). Try a different name.",
                target="name",
            )


def check_asset(
    ctx: Context, target: str, asset_id: object, *, kind: str = "", workspace: Resource | None = None
) -> Resource | None:
    """The version that an id at `target` names, None where there is no id; 400 UserError with Azure's detail when it does not exist.

    Every spelling of `ml/references.py`, registries and labels included. What Microsoft's own registry has besides environments cannot be
    looked up here and passes, with the answer None. The short forms are looked up in `workspace` (without one: that
    of the request), among assets of `kind` (without one: what the target's last word says).
    """
    if not isinstance(asset_id, str):
        return None
    kind = kind or KINDS.get(target.rsplit(".", 1)[-1], "")
    if workspace is None and (match := HOLDER.match(ctx.request.path)) is not None:
        workspace = ctx.get(match[0])
    try:
        return references.version(ctx, asset_id, kind=kind, workspace=workspace)
    except references.NotFoundError as error:
        parts = references.parse(asset_id)
        if parts is not None and references.elsewhere(ctx, parts):
            return None
        what = NOUNS.get(parts.kind or kind if parts else kind, "Asset")
        raise ArmError(
            400,
            "UserError",
            f"The specified resource was not found. '{target}' is '{asset_id}', but {error}. Create it first, or correct the reference.",
            target=target,
            details=[{"code": f"{what}NotFound", "message": f"{what} not found: {error}."}],
        ) from None
