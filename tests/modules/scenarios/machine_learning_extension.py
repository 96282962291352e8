# SPDX-License-Identifier: Apache-2.0
"""Extensions with a certificate of their own, over a relay to Arc, and for a regulated cluster."""

import base64

import pulumi

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import Surroundings

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
"""How the engine marks a secret in the state."""


def full(here: Surroundings) -> None:
    """Every argument."""
    cluster = here.kubernetes_cluster
    gp.MachineLearningExtension(
        "full",
        gp.MachineLearningExtensionArgs(
            resource_group_name=here.group.name,
            cluster_id=cluster.id,
            cluster_name=cluster.name,
            cluster_type="AKS",
            training=False,
            inference=gp.InferenceRouter(
                service_type="LoadBalancer",
                public=True,
                domain="scoring.example.com",
                certificate="certificate in PEM",
                private_key="private key in PEM",
                high_availability=False,
            ),
            node_selector={"agentpool": "system"},
            gpu_device_plugin=True,
            gpu_metrics=True,
            prometheus_operator=False,
            volcano=False,
            version="1.1.73",
            extension_name="azureml-full",
        ),
    )
    plant = gp.ArcCluster(
        "base-plant",
        gp.ArcClusterArgs(
            resource_group_name=here.group.name, agent_public_key="MIIBCgKCAQEA", public_network_access=True
        ),
    )
    gp.MachineLearningExtension(
        "full-arc",
        gp.MachineLearningExtensionArgs(
            resource_group_name=here.group.name,
            cluster_id=plant.id,
            cluster_name=plant.name,
            cluster_type="Arc",
            inference=gp.InferenceRouter(service_type="NodePort", insecure_connections=True),
            relay_id=pulumi.Output.concat(
                here.group.id, "/providers/Microsoft.Relay/namespaces/plants/hybridConnections/plant"
            ),
            relay_connection_string=pulumi.Output.secret("Endpoint=sb://plants.example/;SharedAccessKey=relay key"),
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Training and an internal router whose certificate the cluster has already."""
    cluster = here.kubernetes_cluster
    gp.MachineLearningExtension(
        "locked-down",
        gp.MachineLearningExtensionArgs(
            resource_group_name=here.group.name,
            cluster_id=cluster.id,
            cluster_name=cluster.name,
            inference=gp.InferenceRouter(domain="scoring.example.com", tls_secret="scoring-tls"),  # a name
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    full = found.one("kubernetesconfiguration:Extension", "full")
    assert (full["version"], full["autoUpgradeMinorVersion"]) == ("1.1.73", False)
    assert "internalLoadBalancerProvider" not in full["configurationSettings"]
    assert SECRET.items() <= full["configurationProtectedSettings"]["scoringFe.sslKey"].items()
    arc = found.one("kubernetesconfiguration:Extension", "full-arc")
    assert arc["configurationSettings"]["relayserver.hybridConnectionName"] == "plant"
    assert arc["clusterRp"] == "Microsoft.Kubernetes"
    for text in ("private key in PEM", "relay key", base64.b64encode(b"private key in PEM").decode()):
        assert text not in str(found.rows)
    closed = found.one("kubernetesconfiguration:Extension", "locked-down")["configurationSettings"]
    assert closed["internalLoadBalancerProvider"] == "azure"
    assert closed["allowInsecureConnections"] == "False"
    assert closed["sslSecret"] == "scoring-tls"  # a name
    (outputs,) = (row["outputs"] for row in found.rows if row["urn"].endswith("MachineLearningExtension::locked-down"))
    assert len(outputs["principalId"]) == 36
