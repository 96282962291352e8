# SPDX-License-Identifier: Apache-2.0
"""A model monitor tells somebody what it finds."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.job_definitions import SCHEDULE, is_off

ACTION = "properties.action.actionType"
MONITOR = "CreateMonitor"
EMAILS = "properties.action.monitorDefinition.alertNotificationSettings.emailNotificationSettings.emails"


def check(schedule: Resource) -> Found:
    """Monitors that are on."""
    if not schedule.equals(ACTION, MONITOR):
        return
    if not is_off(schedule) and not schedule.has(EMAILS):
        yield schedule.wrong(EMAILS, "an address is needed")


RULE = Rule(
    id="GP-MLO-017",
    slug="monitor-notification",
    title="A model monitor tells somebody what it finds",
    severity="low",
    types=(SCHEDULE,),
    controls=("mlo-monitor-notification",),
    rationale="A monitor that tells nobody costs its compute every night, and the drift that it finds stays where it is.",
    remediation="Give `alertNotificationSettings.emailNotificationSettings.emails` the address of a team.",
    absent="A violation for monitors: nobody hears of it. Other schedules, and those that are off, are not looked at.",
    check=check,
)


def _schedule(emails: object, kind: object = "CreateMonitor", on: object = None) -> dict[str, object]:
    settings = {"emailNotificationSettings": {"emails": emails}}
    definition = {"monitorDefinition": {"alertNotificationSettings": settings}}
    return {"properties": {"isEnabled": on, "action": {"actionType": kind, **definition}}}


GOOD: GoodCases = {
    "a team": _schedule(["ml@example.org"]),
    "off": _schedule(None, on=False),
    "a job": _schedule(None, "CreateJob"),
}
BAD: BadCases = {
    "nobody": Bad(_schedule([], on=True), says=f"{EMAILS} is []; an address is needed"),
    "not said": Bad(_schedule(None), says=f"{EMAILS} is absent; an address is needed"),
}
UNKNOWN_CASES: UnknownCases = {"who": _schedule(UNKNOWN), "whether it is on": _schedule(None, on=UNKNOWN)}
