# SPDX-License-Identifier: Apache-2.0
"""Every kind of receiver, and a group that tells people only."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import TAGS, Surroundings

APP = "/subscriptions/{}/resourceGroups/tickets/providers/Microsoft."


def full(here: Surroundings) -> None:
    """Every argument."""
    app = APP.format(here.client.subscription_id)
    gp.ActionGroup(
        "full",
        gp.ActionGroupArgs(
            resource_group_name=here.group.name,
            action_group_name="ag-all",
            short_name="ml-all",
            enabled=False,
            location="swedencentral",
            tags=TAGS,
            receivers=gp.Receivers(
                emails={"team": "team@example.com"},
                app_pushes={"oncall": "oncall@example.com"},
                roles={"owners": "Monitoring Reader"},
                webhooks={
                    "pager": gp.WebhookReceiver(
                        uri="https://pager.example.com/alerts",
                        object_id="5f0c7d88-c7de-45b8-ac49-db49e72eaa78",
                        identifier_uri="api://pager",
                        tenant_id=here.client.tenant_id,
                    ),
                    "chat": gp.WebhookReceiver(uri="https://chat.example.com/?key=hushhush", unauthenticated=True),
                },
                logic_apps={
                    "ticket": gp.LogicAppReceiver(
                        logic_app_id=f"{app}Logic/workflows/ticket",
                        callback_url="https://logic.example.com/?sig=hushhush",
                    )
                },
                functions={
                    "repair": gp.FunctionReceiver(
                        function_app_id=f"{app}Web/sites/repair",
                        function_name="restart",
                        trigger_url="https://repair.example.com/api/restart?code=hushhush",
                    )
                },
            ),
        ),
    )


def locked_down(here: Surroundings) -> None:
    """No program is told, so there is no address to guard; notifications stay in the region."""
    gp.ActionGroup(
        "locked-down",
        gp.ActionGroupArgs(
            resource_group_name=here.group.name,
            short_name="ml-quiet",
            location="germanywestcentral",
            receivers=gp.Receivers(emails={"oncall": "oncall@example.com"}),
        ),
    )


def check(found: Declared) -> None:
    """Addresses that carry keys are ciphertext in the state; webhooks ask for a token."""
    full = found.one("monitor:ActionGroup", "full")
    assert "hushhush" not in str(full)
    assert full["armRoleReceivers"][0]["roleId"] == "43d0d8ad-25c7-4714-9337-8ba259a9fe05"
    assert full["enabled"] is False
    closed = found.one("monitor:ActionGroup", "locked-down")
    assert closed["emailReceivers"] == [
        {"emailAddress": "oncall@example.com", "name": "oncall", "useCommonAlertSchema": True}
    ]
