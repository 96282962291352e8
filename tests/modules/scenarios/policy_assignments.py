# SPDX-License-Identifier: Apache-2.0
"""Policies of every kind, and guardrails that deny."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.PolicyAssignments(
        "full",
        gp.PolicyAssignmentsArgs(
            scope=f"/subscriptions/{here.client.subscription_id}",
            location=LOCATION,
            policies={
                "security-benchmark": gp.Policy(
                    policy="1f3afdf9-d0c9-4c3d-847f-89da613e70a8",
                    initiative=True,
                    enforce=False,
                    not_scopes=(here.group.id,),
                ),
                "logs-on": gp.Policy(
                    policy="workspace-diagnostics-on",
                    effect="DeployIfNotExists",
                    parameters={"logAnalytics": here.monitoring.log_analytics_workspace_id},
                    remediation_roles=("Log Analytics Contributor", "Monitoring Contributor"),
                ),
                "private": gp.Policy(
                    policy="workspace-public-access",
                    message="Use the platform's workspace component.",
                    exemptions={
                        "sandbox": gp.Exemption(
                            scope=here.workspace.id,
                            reason="teaching; agreed with the security office",
                            category="Mitigated",
                            expires="2027-06-30",
                        )
                    },
                ),
            },
        ),
    )


def locked_down(here: Surroundings) -> None:
    """What is not private does not come up."""
    gp.PolicyAssignments(
        "locked-down",
        gp.PolicyAssignmentsArgs(
            scope=here.group.id,
            policies={
                "private-only": gp.Policy(policy="workspace-public-access", effect="Deny"),
                "approved-outbound": gp.Policy(policy="approved-outbound-only", effect="Deny"),
                "instances-stop": gp.Policy(policy="compute-instance-idle-shutdown", effect="Deny"),
            },
        ),
    )


def check(found: Declared) -> None:
    """Definitions by purpose; an identity with roles only where something is changed."""
    denied = found.one("authorization:PolicyAssignment", "locked-down-private-only")
    assert denied["policyDefinitionId"].endswith("/policyDefinitions/438c38d2-3772-465a-a9cc-7a6666a275ce")
    assert denied["parameters"] == {"effect": {"value": "Deny"}}
    assert "identity" not in denied
    benchmark = found.one("authorization:PolicyAssignment", "full-security-benchmark")
    assert benchmark["enforcementMode"] == "DoNotEnforce"
    assert "/policySetDefinitions/" in benchmark["policyDefinitionId"]
    assert len(found.inputs("authorization:RoleAssignment", "full-logs-on-")) == 2
    assert found.one("authorization:PolicyExemption", "full-private-sandbox")["expiresOn"] == "2027-06-30T23:59:59Z"
