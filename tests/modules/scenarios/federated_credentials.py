# SPDX-License-Identifier: Apache-2.0
"""Every way to trust a pipeline, and one environment alone."""

from itertools import pairwise

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.FederatedCredentials(
        "full",
        gp.FederatedCredentialsArgs(
            resource_group_name=here.group.name,
            identity_name=here.identity.name,
            allow_pull_requests=True,
            cloud="AzureUSGovernment",
            trusted={
                "main": gp.GitHub(repository="Example/platform", branch="main"),
                "release": gp.GitHub(repository="Example/platform", tag="v1.0"),
                "production": gp.GitHub(repository="Example/platform", environment="prod"),
                "checks": gp.GitHub(repository="Example/platform", pull_requests=True),
                "devops": gp.AzureDevOps(
                    organization="example",
                    organization_id="0d6f3f6f-3a11-4d3a-9a55-7b4c9f0e8f7d",
                    project="Machine Learning",
                    service_connection="platform-prod",
                ),
                "devops-by-entra": gp.AzureDevOps(
                    tenant_id="7d2f3c52-6a0c-4f55-9a0e-2f9d1f0f6f10",
                    subject_identifier="/eid1/c/pub/t/UjwvfQ/a/JvKM1/sc/0d6f3f6f/4be1",
                ),
            },
        ),
    )


def locked_down(here: Surroundings) -> None:
    """One environment, whose reviewers say yes first, of an identity of its own."""
    identity = gp.Identity("deployer", gp.IdentityArgs(resource_group_name=here.group.name))
    gp.FederatedCredentials(
        "locked-down",
        gp.FederatedCredentialsArgs(
            resource_group_name=here.group.name,
            identity_name=identity.name,
            trusted={"production": gp.GitHub(repository="example/platform", environment="prod")},
        ),
    )


def check(found: Declared) -> None:
    """Issuer and subject as GitHub and Azure DevOps write them into their tokens; one credential after the other."""
    kind = "managedidentity:FederatedIdentityCredential"
    assert {
        found.one(kind, f"full-{key}")["subject"] for key in ("main", "release", "production", "checks", "devops")
    } == {
        "repo:Example/platform:ref:refs/heads/main",
        "repo:Example/platform:ref:refs/tags/v1.0",
        "repo:Example/platform:environment:prod",
        "repo:Example/platform:pull_request",
        "sc://example/Machine Learning/platform-prod",
    }
    entra = found.one(kind, "full-devops-by-entra")
    assert entra["issuer"] == "https://login.microsoftonline.com/7d2f3c52-6a0c-4f55-9a0e-2f9d1f0f6f10/v2.0"
    assert entra["subject"] == "/eid1/c/pub/t/UjwvfQ/a/JvKM1/sc/0d6f3f6f/4be1"
    assert found.one(kind, "locked-down-production")["audiences"] == ["api://AzureADTokenExchange"]
    rows = [row for row in found.under("FederatedCredentials", "full") if row["type"].endswith("Credential")]
    for before, after in pairwise(rows):
        assert before["urn"] in after["dependencies"]
