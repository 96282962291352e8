# SPDX-License-Identifier: Apache-2.0
"""Nobody can destroy blobs that soft delete keeps."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

DESTROY = "properties.deleteRetentionPolicy.allowPermanentDelete"


def check(service: Resource) -> Found:
    """Azure leaves it off."""
    if service.equals(DESTROY, True):
        yield service.wrong(DESTROY, "false is needed")


RULE = Rule(
    id="GP-ST-030",
    slug="blob-permanent-delete",
    title="Nobody can destroy blobs that soft delete keeps",
    severity="medium",
    types=("Microsoft.Storage/storageAccounts/blobServices",),
    controls=("st-permanent-delete",),
    rationale="With it, whoever deletes by mistake or on purpose can take away the copies and versions that would undo it.",
    remediation="Use `Storage`, which leaves it off; let a lifecycle rule remove old versions.",
    absent="Passes: Azure leaves it off.",
    check=check,
    remedy={"properties.deleteRetentionPolicy.allowPermanentDelete": False},
)

GOOD: GoodCases = {
    "off": {"properties": {"deleteRetentionPolicy": {"enabled": True, "allowPermanentDelete": False}}},
    "not said": {"properties": {"deleteRetentionPolicy": {"enabled": True}}},
}
BAD: BadCases = {
    "on": Bad(
        {"properties": {"deleteRetentionPolicy": {"enabled": True, "allowPermanentDelete": True}}},
        says="properties.deleteRetentionPolicy.allowPermanentDelete is true; false is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": {"properties": {"deleteRetentionPolicy": {"allowPermanentDelete": UNKNOWN}}}
}
