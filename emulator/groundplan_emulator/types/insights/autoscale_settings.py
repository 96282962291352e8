# SPDX-License-Identifier: Apache-2.0
"""Autoscale settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from groundplan_emulator import iso_durations
from groundplan_emulator.arm.errors import ArmError, bad_request, conflict
from groundplan_emulator.arm.resource import ArmType, Write
from groundplan_emulator.ml.autoscale import profiles
from groundplan_emulator.ml.metrics.definitions import DEPLOYMENTS, of
from groundplan_emulator.ml.schedules import zones
from groundplan_emulator.store import Resource

PROFILES = 20
RULES = 10
FIXED_DAYS = 365
_MINUTE, _HOUR, _WEEK = 60, 3600, 7 * 86400
TIMES: Mapping[str, tuple[int, int, str]] = {
    "timeGrain": (_MINUTE, 12 * _HOUR, "1 minute to 12 hours"),
    "timeWindow": (5 * _MINUTE, 12 * _HOUR, "5 minutes to 12 hours"),
    "cooldown": (_MINUTE, _WEEK, "1 minute to 1 week"),
}
"""Least, most, and both in words. Source: the descriptions of Microsoft's published schema."""


class AutoscaleSettings(ArmType):
    """Microsoft.Insights/autoscalesettings: profiles with a capacity and rules, for one target.

    Online deployments are scaled, by `groundplan_emulator.ml.autoscale`.

    Differs from Azure:
    - other targets are not scaled; predictive autoscale is not offered for deployments, and kept without effect for others
    - notifications and webhooks are kept, and nobody is notified: the activity log has what was done
    """

    type: ClassVar[str] = "Microsoft.Insights/autoscalesettings"
    api_versions: ClassVar[tuple[str, ...]] = ("2014-04-01", "2015-04-01", "2022-10-01")
    references: ClassVar[tuple[str, ...]] = ("properties.targetResourceUri",)

    def check(self, write: Write) -> None:
        """1 to 20 profiles, each with a capacity in order, a sound schedule and 10 sound rules at most; one setting a target."""
        found: list[dict[str, Any]] = write.properties.get("profiles") or []
        if not 1 <= len(found) <= PROFILES:
            raise bad_request(
                "BadRequest",
                f"An autoscale setting has 1 to {PROFILES} profiles; this one has {len(found)}.",
                target="properties.profiles",
            )
        target = write.ctx.get(str(write.properties.get("targetResourceUri", "")))
        defaults = [each for each in found if not each.get("fixedDate") and not each.get("recurrence")]
        if len(defaults) > 1:
            raise bad_request(
                "BadRequest",
                f"{len(defaults)} profiles have neither fixedDate nor recurrence; one can be the default.",
                target="properties.profiles",
            )
        for index, profile in enumerate(found):
            _check_profile(write, profile, f"properties.profiles[{index}]", target)
        for other in write.ctx.store.of_type(self.type):
            if target is not None and other.key != write.id.key and _target(other) == target.key:
                raise conflict(
                    "Conflict",
                    f"'{target.id}' has the autoscale setting '{other.id}' already; a resource has one at most."
                    " Change that one, or delete it.",
                    target="properties.targetResourceUri",
                )

    def fill(self, write: Write) -> None:
        """A setting is on unless said, and says its name again."""
        write.properties.setdefault("enabled", True)
        write.properties.setdefault("name", write.id.name)
        write.properties.setdefault("targetResourceLocation", write.body["location"])


def _target(setting: Resource) -> str:
    return str(setting.properties.get("targetResourceUri", "")).lower()


def _check_profile(write: Write, profile: Mapping[str, Any], at: str, target: Resource | None) -> None:
    _check_capacity(profile.get("capacity", {}), f"{at}.capacity", target)
    if profile.get("fixedDate") and profile.get("recurrence"):
        raise bad_request("BadRequest", "A profile has a fixedDate or a recurrence, not both.", target=at)
    if window := profile.get("fixedDate"):
        _check_fixed_date(window, f"{at}.fixedDate")
    if recurrence := profile.get("recurrence"):
        _check_recurrence(recurrence, f"{at}.recurrence")
    found: list[dict[str, Any]] = profile.get("rules") or []
    if len(found) > RULES:
        raise bad_request("BadRequest", f"A profile has at most {RULES} rules.", target=f"{at}.rules")
    for index, rule in enumerate(found):
        _check_rule(write, rule, f"{at}.rules[{index}]")


def _check_capacity(capacity: Mapping[str, Any], at: str, target: Resource | None) -> None:
    try:
        low, default, high = (int(capacity[name]) for name in ("minimum", "default", "maximum"))
    except (KeyError, ValueError):
        raise bad_request(
            "BadRequest", "A capacity has minimum, default and maximum: whole numbers.", target=at
        ) from None
    if not low <= default <= high:
        raise bad_request("BadRequest", f"The capacity is not in order: {low} <= {default} <= {high}.", target=at)
    if low < 1 and target is not None and target.type.lower() == DEPLOYMENTS.lower():
        raise bad_request(
            "BadRequest",
            f"The minimum is {low}; an online deployment has at least 1 instance.",
            target=f"{at}.minimum",
        )


def _check_fixed_date(window: Mapping[str, Any], at: str) -> None:
    zone = _check_zone(window, at)
    try:
        start, end = (profiles.wall_time(str(window.get(name)), zone) for name in ("start", "end"))
    except ValueError:
        raise bad_request(
            "BadRequest", "start and end are times such as 2026-12-24T00:00:00, in the profile's timeZone.", target=at
        ) from None
    if not 0 < end - start <= FIXED_DAYS * 86400:
        raise bad_request("BadRequest", f"end comes after start, by {FIXED_DAYS} days at most.", target=at)


def _check_recurrence(recurrence: Mapping[str, Any], at: str) -> None:
    if str(recurrence.get("frequency", "")).lower() != "week":
        raise bad_request(
            "BadRequest", f"frequency is '{recurrence.get('frequency')}'; it must be Week.", target=f"{at}.frequency"
        )
    schedule: dict[str, Any] = recurrence.get("schedule") or {}
    _check_zone(schedule, f"{at}.schedule")
    for name, allowed, words in (
        ("days", lambda day: str(day).lower() in profiles.DAYS, "names such as Monday"),
        ("hours", lambda hour: int(hour) in range(24), "0 to 23"),
        ("minutes", lambda minute: int(minute) in range(60), "0 to 59"),
    ):
        _check_list(schedule.get(name) or [], allowed, f"{name} is a list of {words}, and not empty.", at)


def _check_list(values: list[Any], allowed: Callable[[Any], bool], words: str, at: str) -> None:
    if not values or not all(map(allowed, values)):
        raise bad_request("BadRequest", words, target=f"{at}.schedule")


def _check_zone(schedule: Mapping[str, Any], at: str) -> Any:
    name = str(schedule.get("timeZone") or "UTC")
    zone = zones.find(name)
    if zone is None:
        raise bad_request(
            "BadRequest",
            f"'{name}' is no time zone. Azure takes names such as 'UTC', 'W. Europe Standard Time' or 'Pacific Standard Time'.",
            target=f"{at}.timeZone",
        )
    return zone


def _check_rule(write: Write, rule: Mapping[str, Any], at: str) -> None:
    trigger, action = rule.get("metricTrigger") or {}, rule.get("scaleAction") or {}
    for name, value, where in _times(trigger, action):
        _check_time(name, value, f"{at}.{where}.{name}")
    value = action.get("value")
    if value is not None and (not str(value).isdigit() or int(value) < 1):
        raise bad_request(
            "BadRequest", f"value is '{value}'; allowed: a whole number above 0.", target=f"{at}.scaleAction.value"
        )
    source = write.ctx.get(str(trigger.get("metricResourceUri") or write.properties.get("targetResourceUri")))
    name = str(trigger.get("metricName", ""))
    if source is not None and (known := of(source.type)) and name.lower() not in known:
        raise ArmError(
            400,
            "UnsupportedMetric",
            f"resource: {source.id}, metricnamespace: {trigger.get('metricNamespace') or source.type}, metricname: {name}."
            f" It has: {', '.join(metric.name for metric in known.values())}.",
            target=f"{at}.metricTrigger.metricName",
        )


def _times(trigger: Mapping[str, Any], action: Mapping[str, Any]) -> Iterator[tuple[str, object, str]]:
    yield "timeGrain", trigger.get("timeGrain"), "metricTrigger"
    yield "timeWindow", trigger.get("timeWindow"), "metricTrigger"
    yield "cooldown", action.get("cooldown"), "scaleAction"


def _check_time(name: str, value: object, at: str) -> None:
    low, high, words = TIMES[name]
    try:
        fits = low <= iso_durations.seconds(value) <= high
    except ValueError:
        fits = False
    if not fits:
        raise bad_request("BadRequest", f"{name} is '{value}'; allowed: {words}, for example PT5M.", target=at)
