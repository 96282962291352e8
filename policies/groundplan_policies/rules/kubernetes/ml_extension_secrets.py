# SPDX-License-Identifier: Apache-2.0
"""Secrets of Azure Machine Learning's extension are where nobody reads them."""

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
    Violation,
)
from groundplan_policies.subjects.ml_extension import EXTENSION, SETTINGS, is_ours, settings

NAMES = (
    "scoringFe.sslKey",
    "sslKeyPemFile",
    "relayserver.relayConnectionString",
    "relayServerConnectionString",
    "serviceBusConnectionString",
)


def check(extension: Resource) -> Found:
    """Whether the program keeps it secret does not matter: Azure gives readable settings to everybody who may read the extension."""
    if not is_ours(extension):
        return
    found = settings(extension)
    for name in NAMES:
        setting = found.get(name.casefold())
        if setting is not None and setting.given(""):
            yield Violation(
                setting.at,
                f"{SETTINGS}.{name} can be read by anybody; a place in configurationProtectedSettings is needed",
            )


RULE = Rule(
    id="GP-AKS-039",
    slug="ml-extension-secrets",
    title="Secrets of Azure Machine Learning's extension are where nobody reads them",
    severity="high",
    types=(EXTENSION,),
    controls=("ml-extension-secrets",),
    rationale=(
        "With the key of its certificate anybody can stand in for the endpoint, and with the relay's connection string for the "
        "cluster. Readers of the resource group see settings; protected ones go in and never come out."
    ),
    remediation="Use `MachineLearningExtension`, which protects them; elsewhere move the setting to `configurationProtectedSettings`.",
    absent="Passes: a secret that is not there can not be read. Other extensions are not looked at.",
    check=check,
)


def _extension(kind: object = "Microsoft.AzureML.Kubernetes", **settings: object) -> dict[str, object]:
    return {"properties": {"extensionType": kind, "configurationSettings": settings}}


def _says(name: str) -> str:
    return f"properties.configurationSettings.{name} can be read by anybody; a place in configurationProtectedSettings is needed"


GOOD: GoodCases = {
    "protected": {
        "properties": {
            "extensionType": "Microsoft.AzureML.Kubernetes",
            "configurationSettings": {"enableInference": "True", "sslSecret": "router-tls"},
            "configurationProtectedSettings": {"scoringFe.sslKey": SECRET},
        }
    },
    "empty": _extension(sslKeyPemFile=""),
    "another extension": _extension("microsoft.flux", sslKeyPemFile="key.pem"),
}
BAD: BadCases = {
    "key of the certificate": Bad(_extension(**{"scoringFe.sslKey": "LS0t"}), says=_says("scoringFe.sslKey")),
    "key, secret in the program": Bad(_extension(sslKeyPemFile=SECRET), says=_says("sslKeyPemFile")),
    "relay": Bad(
        _extension(**{"relayserver.relayconnectionstring": "Endpoint=sb://r"}),
        says=_says("relayserver.relayConnectionString"),
    ),
    "relay, known later": Bad(
        _extension(relayServerConnectionString=UNKNOWN), says=_says("relayServerConnectionString")
    ),
    "service bus": Bad(
        _extension(serviceBusConnectionString="Endpoint=sb://s"), says=_says("serviceBusConnectionString")
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "settings made later": {
        "properties": {"extensionType": "Microsoft.AzureML.Kubernetes", "configurationSettings": UNKNOWN}
    },
    "kind decided later": _extension(UNKNOWN, sslKeyPemFile="key.pem"),
}
