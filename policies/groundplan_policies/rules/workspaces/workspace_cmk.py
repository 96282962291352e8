# SPDX-License-Identifier: Apache-2.0
"""A workspace is encrypted with a key of the customer's own; a project with that of its hub."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.workspaces import WORKSPACE, is_project

STATUS = "properties.encryption.status"
NEEDED = (
    "properties.encryption.keyVaultProperties.keyIdentifier",
    "properties.encryption.keyVaultProperties.keyVaultArmId",
)


def check(workspace: Resource) -> Found:
    """Switched on, with a key and its vault; which key it is does not matter here."""
    if is_project(workspace):
        return
    if not workspace.equals(STATUS, "Enabled"):
        yield workspace.wrong(STATUS, "'Enabled' is needed, with a key of one's own")
        return
    for path in NEEDED:
        if not workspace.given(path):
            yield workspace.wrong(path, "a key of one's own is needed")


RULE = Rule(
    id="GP-AML-020",
    slug="workspace-cmk",
    title="A workspace is encrypted with a key of the customer's own",
    severity="medium",
    types=(WORKSPACE,),
    controls=("aml-ws-cmk",),
    rationale="Whoever holds the key can withdraw it: with one's own nobody else decides how long data can be read.",
    remediation="Pass `customer_key` to `Workspace`; Azure takes it at creation only.",
    absent="A violation: Azure uses a key of Microsoft's. Projects are not looked at, as their hub has the key.",
    unknown="A key that is made in the same update counts as given; undecided where even the status is not known.",
    check=check,
)


def _encrypted(status: object = "Enabled", **key: object) -> dict[str, object]:
    return {"kind": "Default", "properties": {"encryption": {"status": status, "keyVaultProperties": key}}}


GOOD: GoodCases = {
    "a key": _encrypted("enabled", keyIdentifier="https://kv.vault.azure.net/keys/k", keyVaultArmId="/x"),
    "a key that is made in the same update": _encrypted(keyIdentifier=UNKNOWN, keyVaultArmId=UNKNOWN),
    "a project": {"kind": "project", "properties": {}},
}
BAD: BadCases = {
    "not said": Bad({"properties": {}}, says=f"{STATUS} is absent; 'Enabled' is needed, with a key of one's own"),
    "switched off": Bad(_encrypted("Disabled"), says=f"{STATUS} is 'Disabled'; 'Enabled' is needed"),
    "no key": Bad(_encrypted(keyVaultArmId="/x"), says=f"{NEEDED[0]} is absent; a key of one's own is needed"),
    "no vault": Bad(
        _encrypted(keyIdentifier="x", keyVaultArmId=""), says=f"{NEEDED[1]} is ''; a key of one's own is needed"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _encrypted(UNKNOWN),
    "all of it is made later": {"kind": "Hub", "properties": {"encryption": UNKNOWN}},
}
