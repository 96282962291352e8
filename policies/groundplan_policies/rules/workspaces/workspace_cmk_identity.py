# SPDX-License-Identifier: Apache-2.0
"""A workspace reads the customer's key with an identity that the platform names."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.workspaces import WORKSPACE

STATUS = "properties.encryption.status"
IDENTITY = "properties.encryption.identity.userAssignedIdentity"
CLIENT = "properties.encryption.keyVaultProperties.identityClientId"


def check(workspace: Resource) -> Found:
    """By its ARM id, or by its client id beside the key."""
    if workspace.equals(STATUS, "Enabled") and not (workspace.given(IDENTITY) or workspace.given(CLIENT)):
        yield workspace.wrong(IDENTITY, "the user-assigned identity that may use the key is needed")


RULE = Rule(
    id="GP-AML-021",
    slug="workspace-cmk-identity",
    title="A workspace reads the customer's key with an identity that the platform names",
    severity="medium",
    types=(WORKSPACE,),
    controls=("aml-ws-cmk-identity",),
    rationale=(
        "Without it the vault has to trust a service of Microsoft's that all customers share. An identity of one's own is there "
        "before the workspace, can be given that one key, and can be taken away from it."
    ),
    remediation="Pass `identity_id` in the `CustomerKey` of `Workspace`.",
    absent="A violation where a customer's key is used; passes where none is.",
    check=check,
)


def _encrypted(status: object = "Enabled", identity: object = None, client: object = None) -> dict[str, object]:
    key = {"keyIdentifier": "k", "identityClientId": client}
    encryption = {"status": status, "identity": {"userAssignedIdentity": identity}, "keyVaultProperties": key}
    return {"properties": {"encryption": encryption}}


GOOD: GoodCases = {
    "an identity": _encrypted(identity="/x"),
    "one that is made in the same update": _encrypted(identity=UNKNOWN),
    "an identity by its client id": _encrypted(client="c"),
    "switched off": _encrypted("Disabled"),
    "no key of one's own": {"properties": {}},
}
BAD: BadCases = {
    "none": Bad(
        _encrypted("enabled"),
        says=f"{IDENTITY} is absent; the user-assigned identity that may use the key is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _encrypted(UNKNOWN)}
