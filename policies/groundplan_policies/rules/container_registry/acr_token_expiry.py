# SPDX-License-Identifier: Apache-2.0
"""Passwords of a container registry's tokens expire."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases


def check(token: Resource) -> Found:
    """Passwords and certificates alike; a date that is not known yet is one. A token that is switched off opens nothing."""
    if token.equals("properties.status", "disabled"):
        return
    for kind in ("passwords", "certificates"):
        for credential in token.items(f"properties.credentials.{kind}"):
            if not credential.given("expiry"):
                yield credential.wrong("expiry", "a date is needed")


RULE = Rule(
    id="GP-ACR-021",
    slug="acr-token-expiry",
    title="Passwords of a container registry's tokens expire",
    severity="medium",
    types=("Microsoft.ContainerRegistry/registries/tokens",),
    controls=("acr-token-expiry",),
    rationale="A password without an end outlives the device and the team that it was made for, and nobody notices who uses it.",
    remediation="Give each of `properties.credentials.passwords` and `certificates` of the token an `expiry`.",
    absent="A violation for each password or certificate without a date. A token without any passes.",
    check=check,
)


def _token(status: object = "enabled", **credentials: object) -> dict[str, object]:
    return {"name": "cr/robot", "properties": {"status": status, "credentials": credentials}}


GOOD: GoodCases = {
    "ends": _token(passwords=[{"name": "password1", "expiry": "2031-01-01T00:00:00Z"}]),
    "ends on a date that is made later": _token(passwords=[{"name": "password1", "expiry": UNKNOWN}]),
    "switched off": _token("disabled", passwords=[{"name": "password1"}]),
    "no credentials here": {"name": "cr/robot", "properties": {}},
}
BAD: BadCases = {
    "second password": Bad(
        _token(passwords=[{"expiry": "2031-01-01T00:00:00Z"}, {"name": "password2"}]),
        says="properties.credentials.passwords[1].expiry is absent; a date is needed",
    ),
    "certificate": Bad(
        _token(certificates=[{"name": "certificate1"}]),
        says="properties.credentials.certificates[0].expiry is absent; a date is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _token(passwords=UNKNOWN),
    "in force or not": _token(UNKNOWN, passwords=[{"name": "password1"}]),
}
