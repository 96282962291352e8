# SPDX-License-Identifier: Apache-2.0
"""A public container with probes and logs, one of a name of its own, and a closed one with secrets."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument, those of a public container and those of a private one."""
    gp.ContainerInstance(
        "full",
        gp.ContainerInstanceArgs(
            resource_group_name=here.group.name,
            group_name=here.names("container_instance", "full"),
            location=LOCATION,
            tags=TAGS,
            lock=gp.Lock(),
            role_grants={"reader": here.reader},
            image="mcr.microsoft.com/azuredocs/aci-helloworld:latest",
            public_ip_address=True,
            dns_label="vision-scorer",
            ports=(80, 8080),
            cpu=0.5,
            memory_gb=1.5,
            cpu_limit=2,
            memory_limit_gb=4,
            command=("python", "serve.py"),
            liveness_probe=gp.HttpProbe(
                path="/health",
                port=8080,
                initial_delay_seconds=30,
                period_seconds=20,
                timeout_seconds=5,
                failures=5,
            ),
            readiness_probe=gp.HttpProbe(path="/ready"),
            restart_policy="OnFailure",
            zone="1",
        ),
    )


def locked_down(here: Surroundings) -> None:
    """In a subnet, its image from the registry, its secrets and the logs' key hidden, locked."""
    gp.ContainerInstance(
        "locked-down",
        gp.ContainerInstanceArgs(
            resource_group_name=here.group.name,
            group_name=here.names("container_instance", "locked"),
            image="crvision.azurecr.io/scorer:1",
            registry_server=here.images.login_server,
            identity_id=here.identity.id,
            subnet_id=here.application_network.subnet_ids["containers"],
            environment_variables={"MODEL_VERSION": "7"},
            secret_environment_variables={"API_KEY": "swordfish"},
            dns_servers=("10.20.0.4",),
            diagnostics=here.diagnostics,
            logs=gp.ContainerLogs(
                workspace_id=here.monitoring.log_analytics_workspace_id,
                customer_id="0b1f6471-1bf0-4dda-aec3-cb9272f09590",
                key="trombone",
            ),
            lock=gp.Lock(),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became; what Azure answers; no secret in plain text."""
    public = found.one("containerinstance:ContainerGroup", "full")
    (container,) = public["containers"]
    assert container["resources"]["limits"] == {"cpu": 2, "memoryInGB": 4}
    assert (container["livenessProbe"]["httpGet"]["port"], container["readinessProbe"]["httpGet"]["port"]) == (8080, 80)
    assert found.outputs("containerinstance:ContainerGroup", "full")["ipAddress"]["fqdn"].startswith("vision-scorer.")

    closed = found.one("containerinstance:ContainerGroup", "locked-down")
    assert closed["ipAddress"]["type"] == "Private"
    assert [set(each) for each in closed["imageRegistryCredentials"]] == [{"server", "identity"}]
    assert found.outputs("containerinstance:ContainerGroup", "locked-down")["ipAddress"]["ip"].startswith("10.30.1.")
    assert "swordfish" not in str(found.rows)
    assert "trombone" not in str(found.rows)
