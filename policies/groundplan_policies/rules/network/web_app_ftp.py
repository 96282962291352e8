# SPDX-License-Identifier: Apache-2.0
"""Nothing is deployed to a web or function app over plain FTP."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

FTPS = "properties.siteConfig.ftpsState"


def check(app: Resource) -> Found:
    """Off, or encrypted."""
    if not app.equals(FTPS, "Disabled", "FtpsOnly"):
        yield app.wrong(FTPS, "'Disabled' or 'FtpsOnly' is needed")


RULE = Rule(
    id="GP-NET-025",
    slug="web-app-ftp",
    title="Nothing is deployed to a web or function app over plain FTP",
    severity="medium",
    types=("Microsoft.Web/sites", "Microsoft.Web/sites/slots"),
    controls=("web-ftp",),
    rationale="FTP sends the password in the clear, and who has it replaces the code of the app.",
    remediation="Set `siteConfig.ftpsState` to `Disabled`; `FunctionApp` always does.",
    absent="A violation: what Azure allows then depends on when and how the app was made.",
    check=check,
    remedy={"properties.siteConfig.ftpsState": "FtpsOnly"},
)


def _app(state: object) -> dict[str, object]:
    return {"properties": {"siteConfig": {"ftpsState": state}}}


GOOD: GoodCases = {"off": _app("Disabled"), "encrypted": _app("FtpsOnly")}
BAD: BadCases = {
    "both": Bad(
        _app("AllAllowed"),
        says="properties.siteConfig.ftpsState is 'AllAllowed'; 'Disabled' or 'FtpsOnly' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.siteConfig.ftpsState is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _app(UNKNOWN)}
