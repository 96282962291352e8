# SPDX-License-Identifier: Apache-2.0
"""No container that people add to a compute instance is privileged."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of

SERVICES = "properties.properties.customServices"
FLAG = "docker.privileged"


def check(instance: Resource) -> Found:
    """Every custom service by itself."""
    yield from each_of(instance.items(SERVICES), _look)


def _look(service: View) -> Found:
    if service.equals(FLAG, True):
        yield service.wrong(FLAG, "false is needed")


RULE = Rule(
    id="GP-CMP-008",
    slug="instance-privileged-service",
    title="No custom service of a compute instance runs in a privileged container",
    severity="medium",
    types=("Microsoft.MachineLearningServices/workspaces/computes",),
    controls=("cmp-privileged-service",),
    rationale="A privileged container is root on the machine: it reads every mounted share and the tokens of the instance's identity.",
    remediation="Leave `docker.privileged` of every entry of `customServices` at false; `ComputeInstance` adds no services.",
    absent="Passes: Azure starts containers without privileges unless asked to.",
    check=check,
)


def _instance(*privileged: object) -> dict[str, object]:
    services = [{"name": "tool", "docker": {"privileged": each}} for each in privileged]
    return {"properties": {"computeType": "ComputeInstance", "properties": {"customServices": services}}}


GOOD: GoodCases = {
    "not privileged": _instance(False, None),
    "no services": {"properties": {"computeType": "ComputeInstance", "properties": {}}},
}
BAD: BadCases = {
    "the second, whatever the first is": Bad(
        _instance(UNKNOWN, True),
        says="properties.properties.customServices[1].docker.privileged is true; false is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _instance(False, UNKNOWN, False),
    "services made later": {"properties": {"properties": {"customServices": UNKNOWN}}},
}
