# SPDX-License-Identifier: Apache-2.0
"""The storage account of a workspace of high business impact is closed to the internet."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Id,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.subjects.workspaces import WORKSPACE

ACCOUNT = "Microsoft.Storage/storageAccounts"
PATH = "properties.storageAccount"


def check(workspace: Resource, stack: Stack) -> Found:
    """Closed, or open to named networks alone; and no container may be opened to everybody."""
    if not workspace.equals("properties.hbiWorkspace", True):
        return
    account = stack.target(workspace, PATH, ACCOUNT)
    if account is None:
        return
    if not (
        account.equals("properties.publicNetworkAccess", "Disabled", "SecuredByPerimeter")
        or account.equals("properties.networkAcls.defaultAction", "Deny")
    ):
        yield Violation(PATH, f"{PATH} is {account.label!r}, which the internet reaches; a closed account is needed")
    if account.equals("properties.allowBlobPublicAccess", True):
        yield Violation(
            PATH, f"{PATH} is {account.label!r}, whose containers may be public; a closed account is needed"
        )


RULE = Rule(
    id="GP-AML-027",
    slug="workspace-hbi-storage",
    title="The storage account of a workspace of high business impact is closed to the internet",
    severity="high",
    types=(WORKSPACE,),
    controls=("aml-ws-hbi",),
    rationale="The mark says that the data is confidential; the account is where that data lies, with every run's outputs and logs.",
    remediation="Leave `public_network_access` of `Storage` at False; it never lets containers be public.",
    absent="An account that says nothing is open. Passes for an account outside of the stack and for workspaces without the mark.",
    unknown="The account is found by what the program passes; undecided where its own settings are not known.",
    needs_stack=True,
    check=check,
)


def _workspace(account: object, marked: object = True, **more: object) -> dict[str, object]:
    return {"name": "mlw", "properties": {"hbiWorkspace": marked, "storageAccount": account}, **more}


def _account(access: object, action: object = None, public: object = None, **more: object) -> dict[str, object]:
    acls = {"networkAcls": {"defaultAction": action}, "allowBlobPublicAccess": public}
    return {"type": ACCOUNT, "name": "st", "properties": {"publicNetworkAccess": access, **acls}, **more}


_OPEN = f"{PATH} is 'st', which the internet reaches; a closed account is needed"
GOOD: GoodCases = {
    "closed": [_workspace(Id("st")), _account("Disabled")],
    "within a perimeter": [_workspace(Id("st")), _account("SecuredByPerimeter", public=False)],
    "named networks": [_workspace(Id("st")), _account("Enabled", "Deny")],
    "no mark": [_workspace(Id("st"), marked=False), _account("Enabled")],
    "an account that is elsewhere": _workspace(
        "/subscriptions/1/resourceGroups/x/providers/Microsoft.Storage/storageAccounts/y"
    ),
}
BAD: BadCases = {
    "open": Bad([_workspace(Id("st")), _account("Enabled", "Allow")], says=_OPEN),
    "nothing said, and both are new": Bad(
        [_workspace(Later("st"), new=True), {"type": ACCOUNT, "name": "st", "new": True}], says=_OPEN
    ),
    "public containers": Bad(
        [_workspace(Id("st")), _account("Disabled", public=True)],
        says=f"{PATH} is 'st', whose containers may be public; a closed account is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "the mark is decided later": [_workspace(Id("st"), marked=UNKNOWN), _account("Enabled")],
    "the account is decided later": [_workspace(Id("st")), _account(UNKNOWN)],
}
