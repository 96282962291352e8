# SPDX-License-Identifier: Apache-2.0
"""Nothing in a storage account is served by NFS."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.storage_account import ACCOUNT, CONTENT

BLOBS_BY_NFS = "properties.isNfsV3Enabled"
PROTOCOL = "properties.enabledProtocols"


def check(found: Resource) -> Found:
    """Blobs by a switch of the account, files by the protocol of a share."""
    if found.is_a(ACCOUNT):
        if found.equals(BLOBS_BY_NFS, True):
            yield found.wrong(BLOBS_BY_NFS, "false is needed")
    elif found.equals(PROTOCOL, "NFS"):
        yield found.wrong(PROTOCOL, "'SMB' is needed")


RULE = Rule(
    id="GP-ST-027",
    slug="storage-nfs",
    title="Nothing in a storage account is served by NFS",
    severity="medium",
    types=(ACCOUNT, CONTENT["file"]),
    controls=("st-nfs",),
    rationale=(
        "NFS asks nobody who he is: every machine in the network is whatever user it says, often root, and the logs show no names. Where a "
        "cluster needs it, keep it to a subnet of its own and exempt it."
    ),
    remediation="Use `Storage`, whose shares are SMB and whose blobs are not served by NFS; let jobs mount datastores with their identity.",
    absent="Passes: Azure serves nothing by NFS unless asked to.",
    check=check,
)

GOOD: GoodCases = {
    "not blobs": {"properties": {"isNfsV3Enabled": False}},
    "not said": {"properties": {"enabledProtocols": "NFS"}},
    "a share by SMB": {"type": CONTENT["file"], "properties": {"enabledProtocols": "SMB"}},
    "a share that does not say": {"type": CONTENT["file"], "properties": {"isNfsV3Enabled": True}},
}
BAD: BadCases = {
    "blobs": Bad({"properties": {"isNfsV3Enabled": True}}, says="properties.isNfsV3Enabled is true; false is needed"),
    "a share": Bad(
        {"type": CONTENT["file"], "properties": {"enabledProtocols": "NFS"}},
        says="properties.enabledProtocols is 'NFS'; 'SMB' is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "blobs decided later": {"properties": {"isNfsV3Enabled": UNKNOWN}},
    "a share decided later": {"type": CONTENT["file"], "properties": {"enabledProtocols": UNKNOWN}},
}
