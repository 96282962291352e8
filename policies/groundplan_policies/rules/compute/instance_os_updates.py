# SPDX-License-Identifier: Apache-2.0
"""A compute instance has the newest image that Azure has for it."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

FLAG = "properties.properties.osImageMetadata.isLatestOsImageVersion"


def check(instance: Resource) -> Found:
    """Azure tells it of instances that are there."""
    if instance.equals(FLAG, False):
        yield instance.wrong(FLAG, "true is needed")


RULE = Rule(
    id="GP-CMP-011",
    slug="instance-os-updates",
    title="A compute instance has the newest image",
    severity="low",
    types=("Microsoft.MachineLearningServices/workspaces/computes",),
    controls=("aml-ci-updates",),
    rationale="Azure puts security fixes of an instance into a new image, and never into an instance that is there already.",
    remediation="Replace the instance, for example with `pulumi up --replace`; files in the workspace's share stay.",
    absent="Passes: only Azure knows, so a program never says it.",
    check=check,
)


def _instance(newest: object) -> dict[str, object]:
    metadata = {"osImageMetadata": {"currentImageVersion": "24.01.02", "isLatestOsImageVersion": newest}}
    return {"properties": {"computeType": "ComputeInstance", "properties": metadata}}


GOOD: GoodCases = {
    "newest": _instance(True),
    "in a program": {"properties": {"computeType": "ComputeInstance", "properties": {}}},
}
BAD: BadCases = {
    "older": Bad(
        _instance(False),
        says="properties.properties.osImageMetadata.isLatestOsImageVersion is false; true is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"not known": _instance(UNKNOWN)}
