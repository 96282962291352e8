# SPDX-License-Identifier: Apache-2.0
"""The one address that is open to the internet, behind a web application firewall."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from endpoints import Context
from settings import EntrySettings

import groundplan as gp


def declare_entry(
    context: Context, settings: EntrySettings | None, online: Mapping[str, gp.ManagedOnlineEndpoint]
) -> gp.FrontDoor | None:
    """Front Door before an endpoint, or before a host that only its private link service reaches."""
    if settings is None:
        return None
    rules = settings.firewall
    return gp.FrontDoor(
        "entry",
        gp.FrontDoorArgs(
            resource_group_name=context.workspace.resource_group_name,
            profile_name=context.name("front_door", ""),
            origins={"scoring": _origin(context, settings, online)},
            domains=settings.domains,
            paths=tuple(settings.paths),
            firewall=gp.WebFirewall(
                detection_only=rules.detection_only,
                allowed_addresses=tuple(rules.allowed_addresses),
                requests_per_minute=rules.requests_per_minute,
            ),
            diagnostics=gp.Diagnostics(log_analytics_workspace_id=context.foundation.log_analytics_workspace_id),
            tags=context.tags,
        ),
    )


def _origin(context: Context, settings: EntrySettings, online: Mapping[str, gp.ManagedOnlineEndpoint]) -> gp.Origin:
    if (private := settings.private_origin) is not None:
        link = gp.PrivateOrigin(resource_id=private.private_link_service_id, location=context.workspace.location)
        return gp.Origin(host_name=private.host_name, private=link)
    host = online[settings.endpoint or ""].scoring_uri.apply(lambda uri: urlsplit(uri).hostname or "")
    return gp.Origin(host_name=host)
