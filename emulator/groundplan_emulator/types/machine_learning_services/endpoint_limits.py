# SPDX-License-Identifier: Apache-2.0
"""How many endpoints a region has, how long their requests take, how their traffic is split.

Limits: Microsoft's "Manage and increase quotas" (defaults, which support may raise in Azure). Mirror traffic: "Perform safe rollout".
"""

from __future__ import annotations

from typing import Any, Final

from groundplan_emulator import iso_durations
from groundplan_emulator.arm.resource import Write
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES, check_duration, user_error

TYPES: Final = (f"{WORKSPACES}/onlineEndpoints", f"{WORKSPACES}/batchEndpoints")
MOST_ENDPOINTS: Final = 100
MOST_SECONDS: Final = {"Managed": 180, "Kubernetes": 300}
MOST_MIRRORED: Final = 50


def refuse_too_many(write: Write) -> None:
    """400 when the region has as many endpoints, of all kinds, as a subscription may have."""
    location = write.body.get("location")
    count = sum(
        other.body.get("location") == location
        for type_ in TYPES
        for other in write.ctx.store.of_type(type_, within=f"/subscriptions/{write.id.subscription}")
    )
    if count >= MOST_ENDPOINTS:
        raise user_error(
            f"The subscription has {count} endpoints in '{location}', and at most {MOST_ENDPOINTS} are allowed (online and batch together)."
            " Delete endpoints that are not used, or create this one in another region."
        )


def check_traffic(properties: dict[str, Any], names: set[str], *, kubernetes: bool) -> None:
    """400 unless traffic and mirror traffic of an endpoint fit its deployments and each other."""
    traffic = {
        name: share
        for name, share in (properties.get("traffic") or {}).items()
        if share or name in names  # a client sends 0 for what it deleted
    }
    mirror: dict[str, int] = {name: share for name, share in (properties.get("mirrorTraffic") or {}).items() if share}
    _check_names("traffic", traffic, names)
    _check_names("mirrorTraffic", mirror, names)
    total = sum(traffic.values())
    if total not in (0, 100) or any(share < 0 for share in traffic.values()):
        raise user_error(
            f"Traffic values must be between 0 and 100 and sum to 0 or 100, but they sum to {total}: {_shown(traffic)}."
            " Send all shares in one request, so that they add up.",
            "properties.traffic",
        )
    _check_mirror(mirror, traffic, kubernetes=kubernetes)


def _check_mirror(mirror: dict[str, int], traffic: dict[str, int], *, kubernetes: bool) -> None:
    if not mirror:
        return
    target = "properties.mirrorTraffic"
    if kubernetes:
        raise user_error(
            "Mirror traffic is not supported for Kubernetes online endpoints. Leave mirrorTraffic empty.", target
        )
    if len(mirror) > 1 or any(not 0 <= share <= MOST_MIRRORED for share in mirror.values()):
        raise user_error(
            f"Mirror traffic goes to one deployment, with at most {MOST_MIRRORED} percent, not to {_shown(mirror)}.",
            target,
        )
    name = next(iter(mirror))
    if traffic.get(name):
        raise user_error(
            f"Deployment '{name}' gets {traffic[name]} percent of the live traffic: it cannot be set to mirror traffic, too."
            " Set its traffic to 0 first, or mirror to another deployment.",
            target,
        )


def check_requests(settings: dict[str, Any] | None, kind: str) -> None:
    """400 unless `requestSettings` of a deployment are durations and numbers that its kind, Managed or Kubernetes, allows."""
    given = settings or {}
    for name in ("requestTimeout", "maxQueueWait"):
        check_duration(f"properties.requestSettings.{name}", given.get(name))
    if (timeout := given.get("requestTimeout")) is not None:
        seconds = iso_durations.seconds(timeout)
        if not 0 < seconds <= MOST_SECONDS[kind]:
            raise user_error(
                f"requestTimeout is {timeout} ({seconds:g} s); a {kind} deployment takes more than 0 and at most {MOST_SECONDS[kind]} s.",
                "properties.requestSettings.requestTimeout",
            )
    if (most := given.get("maxConcurrentRequestsPerInstance")) is not None and most < 1:
        raise user_error(
            f"maxConcurrentRequestsPerInstance is {most}; allowed: 1 or more.",
            "properties.requestSettings.maxConcurrentRequestsPerInstance",
        )


def _check_names(what: str, shares: dict[str, Any], names: set[str]) -> None:
    unknown = sorted(set(shares) - names)
    if unknown:
        raise user_error(
            f"'{what}' names deployments that do not exist: {', '.join(unknown)}."
            f" Deployments of the endpoint: {', '.join(sorted(names)) or 'none'}.",
            f"properties.{what}",
        )


def _shown(shares: dict[str, int]) -> str:
    return ", ".join(f"{name}={share}" for name, share in sorted(shares.items())) or "none"
