# SPDX-License-Identifier: Apache-2.0
"""Clusters of Databricks have no public addresses."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

NO_PUBLIC_IP = "properties.parameters.enableNoPublicIp.value"


def check(workspace: Resource) -> Found:
    """Only an explicit false gives the machines addresses."""
    if workspace.equals(NO_PUBLIC_IP, False):
        yield workspace.wrong(NO_PUBLIC_IP, "true is needed")


RULE = Rule(
    id="GP-DAT-010",
    slug="databricks-public-ip",
    title="Clusters of Databricks have no public addresses",
    severity="medium",
    types=("Microsoft.Databricks/workspaces",),
    controls=("dbx-no-public-ip",),
    rationale="A machine with a public address that runs notebooks is one rule of a security group away from the internet.",
    remediation="Leave `node_public_ip` of `DatabricksWorkspace` at False; the network needs a NAT gateway or a firewall.",
    absent="Passes: Azure's default is true. A serverless workspace has no machines of its own, and may not say it.",
    check=check,
)


def _workspace(value: object) -> dict[str, object]:
    return {"properties": {"parameters": {"enableNoPublicIp": {"value": value}}}}


GOOD: GoodCases = {"none": _workspace(True), "not said": {"properties": {"parameters": {}}}}
BAD: BadCases = {
    "addresses": Bad(_workspace(False), says="properties.parameters.enableNoPublicIp.value is false; true is needed")
}
UNKNOWN_CASES: UnknownCases = {"decided later": _workspace(UNKNOWN)}
