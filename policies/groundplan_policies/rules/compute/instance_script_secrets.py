# SPDX-License-Identifier: Apache-2.0
"""The setup scripts of a compute instance get no secrets as arguments."""

import re

from groundplan_policies.authoring import (
    SECRET,
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Resource,
    Rule,
    UnknownCases,
    View,
    Violation,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.secret_texts import holds_secret

ARGUMENTS = (
    "properties.properties.setupScripts.scripts.creationScript.scriptArguments",
    "properties.properties.setupScripts.scripts.startupScript.scriptArguments",
)
_CREDENTIAL = re.compile(
    r"(pass(word|wd)?|pwd|secret|token|(api|access|account)[-_]?key|(?<![a-z])sas)[=:\s]\s*[^\s$-]", re.IGNORECASE
)


def check(instance: Resource) -> Found:
    """Arguments that name a credential or hold one. The message never repeats them."""

    yield from each_of((instance.view(path) for path in ARGUMENTS), _look)


def _look(arguments: View) -> Found:
    secret = arguments.node is SECRET
    if secret or _CREDENTIAL.search(text := arguments.text()) or holds_secret(text):
        yield Violation(arguments.at, f"{arguments.at} has a secret in it; a script that reads a key vault is needed")


RULE = Rule(
    id="GP-CMP-011",
    slug="instance-script-secrets",
    title="No setup script of a compute instance gets a secret as an argument",
    severity="high",
    types=("Microsoft.MachineLearningServices/workspaces/computes",),
    controls=("cmp-script-secrets",),
    rationale="Azure shows the arguments of scripts in plain text to whoever may read the compute, and keeps them in its logs.",
    remediation="Have the script read the secret from a key vault with the instance's identity; `SetupScript` refuses it.",
    absent="Passes: there is no script, or it has no arguments.",
    check=check,
)


def _instance(startup: object, creation: object = None) -> dict[str, object]:
    scripts = {"startupScript": {"scriptArguments": startup}, "creationScript": {"scriptArguments": creation}}
    return {"properties": {"computeType": "ComputeInstance", "properties": {"setupScripts": {"scripts": scripts}}}}


_SAYS = (
    "properties.properties.setupScripts.scripts.startupScript.scriptArguments has a secret in it; "
    "a script that reads a key vault is needed"
)

GOOD: GoodCases = {
    "no scripts": {"properties": {"computeType": "ComputeInstance", "properties": {}}},
    "plain arguments": _instance("--team vision --tokenizer fast"),
    "a variable of the machine": _instance("--token $TOKEN"),
    "an option that takes nothing": _instance("--no-password --quiet"),
}
BAD: BadCases = {
    "a password": Bad(_instance("--password hunter2"), says=_SAYS),
    "a token": Bad(_instance("TOKEN=abc"), says=_SAYS),
    "a key": Bad(_instance("api-key: abc"), says=_SAYS),
    "a signature": Bad(_instance("--sas sv=1"), says=_SAYS),
    "a signed address": Bad(_instance("https://a.blob.core.windows.net/b?sv=1&sig=abc"), says=_SAYS),
    "a secret of the program": Bad(_instance(SECRET), says=_SAYS),
    "when it is made": Bad(
        _instance(UNKNOWN, "secret=abc"),
        says=(
            "properties.properties.setupScripts.scripts.creationScript.scriptArguments has a secret in it; "
            "a script that reads a key vault is needed"
        ),
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _instance(UNKNOWN)}
