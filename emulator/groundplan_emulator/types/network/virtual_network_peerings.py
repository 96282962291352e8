# SPDX-License-Identifier: Apache-2.0
"""Peerings between virtual networks."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request, invalid_content
from groundplan_emulator.arm.resource import Seconds, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network import addresses, service
from groundplan_emulator.types.network.service import NetworkType

REMOTE = "properties.remoteVirtualNetwork.id"


class VirtualNetworkPeerings(NetworkType):
    """Microsoft.Network/virtualNetworks/virtualNetworkPeerings: Initiated until the other side exists too, then both Connected.

    Differs from Azure:
    - both networks are in this subscription; gateways are not looked for when `useRemoteGateways` is set
    - a change of an address space reaches its peers at once (peeringSyncLevel is always FullyInSync)
    """

    type: ClassVar[str] = service.PEERING
    seconds: ClassVar[Seconds] = Seconds(create=5, update=5, delete=5)
    refers: ClassVar[tuple[str, ...]] = (REMOTE,)
    immutable: ClassVar[tuple[str, ...]] = (REMOTE,)
    defaults: ClassVar[dict[str, Any]] = {
        "allowVirtualNetworkAccess": True,
        "allowForwardedTraffic": False,
        "allowGatewayTransit": False,
        "useRemoteGateways": False,
        "doNotVerifyRemoteGateways": False,
        "peerCompleteVnets": True,
    }

    def check(self, write: Write) -> None:
        """One peering per pair, address spaces apart, and no half that lost its other."""
        remote_id = (write.properties.get("remoteVirtualNetwork") or {}).get("id")
        if remote_id is None:
            raise invalid_content(
                "properties.remoteVirtualNetwork", "Required property 'remoteVirtualNetwork' not found"
            )
        super().check(write)
        local, remote = service.parent_of(write.ctx, write.id), service.refer(write, remote_id)
        for other in write.ctx.children(local.id, self.type):
            if other.key != write.id.key and service.same(other.properties["remoteVirtualNetwork"]["id"], remote.id):
                raise bad_request(
                    "AnotherPeeringAlreadyReferencesRemoteVnet",
                    f"Peering {write.id.id} cannot have the remote virtual network {remote.id}:"
                    f" peering {other.id} already references it.",
                )
        ours = addresses.space_of(local.properties, local.id)
        theirs = addresses.space_of(remote.properties, remote.id)
        if any(one.version == other.version and one.overlaps(other) for one in ours for other in theirs):
            raise bad_request(
                "VnetAddressSpacesOverlap",
                f"Cannot create or update peering {write.id.id}. Virtual networks {local.id} and {remote.id} cannot be"
                " peered because their address spaces overlap.",
            )
        back = reverse(write.ctx, local.id, remote.id)
        if back is not None and back.properties.get("peeringState") == "Disconnected":
            raise bad_request(
                "RemotePeeringIsDisconnected",
                f"Cannot create or update peering {write.id.id} because remote peering {back.id} referencing parent virtual"
                " network is in Disconnected state. Update or re-create the remote peering to get it back to Initiated state."
                " Peering gets Disconnected when remote vnet or remote peering is deleted and re-created.",
            )

    def fill(self, write: Write) -> None:
        """The state, as the other side stands."""
        super().fill(write)
        remote = write.properties["remoteVirtualNetwork"]["id"]
        connected = reverse(write.ctx, write.id.parent_id, remote) is not None
        write.properties["peeringState"] = "Connected" if connected else "Initiated"
        write.properties["peeringSyncLevel"] = "FullyInSync" if connected else "LocalNotInSync"

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """The other side is connected now too."""
        _tell(ctx, resource, "Connected")

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """With the remote address space as it is now."""
        remote = ctx.get(resource.properties["remoteVirtualNetwork"]["id"])
        space = remote.properties.get("addressSpace") if remote else None
        return service.shown(resource.body, remoteAddressSpace=space, remoteVirtualNetworkAddressSpace=space)

    def deleted(self, ctx: Context, resource: Resource) -> None:
        """The other side is left Disconnected."""
        _tell(ctx, resource, "Disconnected")


def reverse(ctx: Context, local: str, remote: str) -> Resource | None:
    """The peering that leads back, or None."""
    for peering in ctx.children(remote, service.PEERING):
        if service.same(peering.properties["remoteVirtualNetwork"]["id"], local):
            return peering
    return None


def _tell(ctx: Context, peering: Resource, state: str) -> None:
    local = peering.id.rsplit("/", 2)[0]
    back = reverse(ctx, local, peering.properties["remoteVirtualNetwork"]["id"])
    if back is not None and back.properties["peeringState"] != state:
        back.properties["peeringState"] = state
        back.properties["peeringSyncLevel"] = "FullyInSync"
        ctx.save(back)
