# SPDX-License-Identifier: Apache-2.0
"""An instance with schedules and scripts, one that is open, and one that only its owner reaches."""

import base64

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings

OWNER = "6a2f2c0e-0f2b-4b7e-9a4e-2b8f4a1c9d10"


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.ComputeInstance(
        "full",
        gp.ComputeInstanceArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            vm_size="Standard_NC6s_v3",
            owner=gp.InstanceOwner(object_id=OWNER, tenant_id=here.client.tenant_id),
            idle_minutes=90,
            schedules={
                "morning": gp.PowerSchedule(
                    action="Start",
                    recurrence=gp.Recurrence(
                        frequency="Week", interval=1, hours=(7,), minutes=(30,), week_days=("Monday", "Friday")
                    ),
                    time_zone="W. Europe Standard Time",
                    start_time="2027-01-01T00:00:00",
                ),
                "end-of-month": gp.PowerSchedule(
                    action="Stop",
                    recurrence=gp.Recurrence(frequency="Month", hours=(19,), month_days=(1, 15)),
                    enabled=False,
                ),
                "evening": gp.PowerSchedule(action="Stop", cron="0 19 * * 1-5"),
            },
            creation_script=gp.SetupScript(text="#!/bin/bash\necho ready\n", arguments="--quiet", timeout_minutes=20),
            startup_script=gp.SetupScript(workspace_path="Users/ada/start.sh"),
            workspace_managed_network=True,
            identity_ids=(here.identity.id,),
            location=LOCATION,
            compute_name="ada-gpu",
            description="Ada's workstation",
            tags=TAGS,
        ),
    )
    gp.ComputeInstance(
        "full-open",
        gp.ComputeInstanceArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            vm_size="Standard_DS3_v2",
            idle_minutes=None,
            node_public_ip=True,
            ssh_public_key="ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 ada@example.com",
            shared_applications=True,
            single_sign_on=False,
        ),
    )


def locked_down(here: Surroundings) -> None:
    """No way in, no way out but through the subnet; programs act as an identity that was given its roles on purpose."""
    gp.ComputeInstance(
        "locked-down",
        gp.ComputeInstanceArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            vm_size="Standard_DS3_v2",
            owner=gp.InstanceOwner(object_id=OWNER, tenant_id=here.client.tenant_id),
            subnet_id=here.network.subnet_ids["training"],
            identity_ids=(here.identity.id,),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    full = found.one("machinelearningservices:Compute", "full")["properties"]["properties"]
    assert full["idleTimeBeforeShutdown"] == "PT90M"
    morning, monthly, evening = full["schedules"]["computeStartStop"]
    assert morning["recurrence"]["schedule"] == {"hours": [7], "minutes": [30], "weekDays": ["Monday", "Friday"]}
    assert (monthly["status"], monthly["recurrence"]["schedule"]["monthDays"]) == ("Disabled", [1, 15])
    assert evening["cron"] == {"expression": "0 19 * * 1-5", "timeZone": "UTC"}
    scripts = full["setupScripts"]["scripts"]
    assert base64.b64decode(scripts["creationScript"]["scriptData"]) == b"#!/bin/bash\necho ready\n"
    assert scripts["startupScript"]["scriptSource"] == "workspaceStorage"
    assert full["personalComputeInstanceSettings"]["assignedUser"]["objectId"] == OWNER
    closed = found.one("machinelearningservices:Compute", "locked-down")["properties"]
    assert closed["disableLocalAuth"] is True
    assert closed["properties"]["sshSettings"] == {"sshPublicAccess": "Disabled"}
    assert closed["properties"]["applicationSharingPolicy"] == "Personal"
    assert closed["properties"]["enableNodePublicIp"] is False
    (outputs,) = (row["outputs"] for row in found.rows if row["urn"].endswith("ComputeInstance::locked-down"))
    assert outputs["privateIpAddress"].startswith("10.")
    assert outputs["applicationUris"]["Jupyter"].startswith("https://locked-down.")
