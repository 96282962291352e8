# SPDX-License-Identifier: Apache-2.0
"""The functions of policies: those of templates that policies may call, and their own.

Source: "Policy functions" in "Azure Policy definition structure policy rule" of Microsoft's documentation.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import groundplan_arm
from groundplan_policies.azure_policy.aliases import Alias
from groundplan_policies.azure_policy.answer import Evidence
from groundplan_policies.azure_policy.comparing import ABSENT
from groundplan_policies.azure_policy.fields import FieldError, FieldName, Selected, field_of, marks_in
from groundplan_policies.azure_policy.groups import group_of, subscription_in
from groundplan_policies.azure_policy.situation import Named, Situation
from groundplan_policies.expressions import STANDARD, ExpressionError, Function, Table
from groundplan_policies.expressions.functions.dates import written
from groundplan_policies.values import SECRET, UNKNOWN

_FOR_TEMPLATES = (
    *("copyIndex", "dateTimeAdd", "dateTimeFromEpoch", "dateTimeToEpoch", "deployment", "environment"),
    *("extensionResourceId", "lambda", "lambdaVariables", "managementGroup", "managementGroupResourceId", "newGuid"),
    *("pickZones", "providers", "reference", "references", "resourceId", "subscriptionResourceId", "tenant"),
    *("tenantResourceId", "variables"),
)
REFUSED = {name.casefold(): name for name in _FOR_TEMPLATES}
"""Functions that templates have and policies do not, besides all that begin with `list`."""
OWN = ("parameters", "field", "current", "policy", "requestContext", "utcNow", "addDays", "ipRangeContains")
"""Functions that only policies have, or have in a way of their own."""
CONTEXT = ("resourceGroup", "subscription")
_PURE = {name: each for name, each in STANDARD.items() if name not in REFUSED}
ALLOWED = tuple(sorted({*_PURE, *(name.casefold() for name in (*OWN, *CONTEXT))}))
"""Every function that a policy may call, in lower case."""
_ISO = "yyyy-MM-ddTHH:mm:ss.fffffffZ"
_VERSION = re.compile(r"/v(\d{4})(\d\d)(\d\d)(\w*):")

_FIXED = Table()


@_FIXED.add("addDays", "string", "int")
def _add_days(moment: str, days: int) -> Any:
    try:
        found = datetime.fromisoformat(moment)
        return written((found if found.tzinfo else found.replace(tzinfo=UTC)) + timedelta(days=days), _ISO)
    except (ValueError, OverflowError):
        raise ExpressionError(
            f"addDays is given {moment!r} and {days}; a time such as '2030-01-31T12:00:00Z' is expected"
        ) from None


@_FIXED.add("ipRangeContains", "string", "string")
def _ip_range_contains(outer: str, inner: str) -> bool:
    (first, last), (low, high) = _range(outer), _range(inner)
    if first.version != low.version:
        raise ExpressionError(
            f"ipRangeContains is given {outer!r} and {inner!r}; two ranges of one family are expected"
        )
    return int(first) <= int(low) and int(high) <= int(last)


def _range(text: str) -> tuple[IPv4Address | IPv6Address, IPv4Address | IPv6Address]:
    try:
        if "/" in text:
            network = ip_network(text.strip(), strict=False)
            return network.network_address, network.broadcast_address
        first, dash, last = text.partition("-")
        low = ip_address(first.strip())
        high = ip_address(last.strip()) if dash else low
    except ValueError:
        low = high = None
    if low is None or high is None or low.version != high.version or int(high) < int(low):
        raise ExpressionError(
            f"ipRangeContains is given {text!r}; an address, a range such as '10.0.0.0/24' or two addresses joined by '-' is expected"
        )
    return low, high


SHARED = {**_PURE, **_FIXED}


class Calls:
    """The functions in one situation. `missing` collects what they read that is not known, or is secret."""

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self.missing: list[Evidence] = []

    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """Functions by lower-case name."""
        own = Table()
        own.add("parameters", "string")(self._parameters)
        own.add("field", "string")(self._field)
        own.add("current", "string?")(self._current)
        own.add("policy")(lambda: dict(self._situation.policy))
        own.add("requestContext")(self._request_context)
        own.add("utcNow", "string?")(lambda pattern=_ISO: written(self._situation.now.astimezone(UTC), pattern))
        own.add("resourceGroup")(self._resource_group)
        own.add("subscription")(self._subscription)
        return ChainMap[str, Function](own, SHARED)

    def _parameters(self, name: str) -> Any:
        if name.casefold() not in self._situation.parameters:
            raise ExpressionError(f"there is no parameter {name!r}")
        value = self._situation.parameters[name.casefold()]
        self.missing.extend(marks_in(value, f"parameters('{name}')"))
        return value

    def _field(self, text: str) -> Any:
        try:
            name = field_of(text)
        except FieldError as error:
            raise ExpressionError(f"the argument of field {error}") from None
        situation = self._situation
        other = situation.asked if situation.asked is not None and not _is_of(name, situation) else None
        return self._values(situation.select(name, other))

    def _values(self, found: Selected) -> Any:
        """What the functions give for a selection: a list where it collects, otherwise the value, '' where there is none."""
        self.missing.extend(found.missing)
        values: list[Any] = []
        for item in found.items:
            self.missing.extend(marks_in(SECRET if item.secret else item.value, item.path))
            values.append(None if item.value is ABSENT else item.value)
        if found.missing:
            return SECRET if any(each.cause == "secret" for each in found.missing) else UNKNOWN
        if found.collects:
            return values
        return "" if values[0] is None else values[0]

    def _current(self, name: str = "") -> Any:
        counts = self._situation.counts
        if not name:
            last = counts[-1]
            return self._named(last) if isinstance(last, Named) else self._single(Selected([last.item]))
        for each in reversed(counts):
            if isinstance(each, Named) and each.name.casefold() == name.casefold():
                return self._named(each)
        try:
            found = self._situation.select(field_of(name))
        except FieldError:
            raise ExpressionError(f"current is given {name!r}, which no count around it has") from None
        return self._single(found)

    def _named(self, count: Named) -> Any:
        self.missing.extend(marks_in(count.value, f"current('{count.name}')"))
        return count.value

    def _single(self, found: Selected) -> Any:
        values = self._values(found)
        return values[0] if found.collects and isinstance(values, list) and len(found.items) == 1 else values

    def _request_context(self) -> dict[str, Any]:
        resource = self._situation.resource
        found = _VERSION.search(resource.token)
        row = groundplan_arm.load().by_arm_type(resource.type)
        if resource.api_version is not None:
            version: Any = resource.api_version
        elif found is not None:
            suffix = f"-{found[4]}" if found[4] else ""
            version = f"{found[1]}-{found[2]}-{found[3]}{suffix}"
        else:
            version = UNKNOWN if row is None else row.api_version
        return {"apiVersion": version, "identity": UNKNOWN}

    def _resource_group(self) -> dict[str, Any]:
        resource = self._situation.asked or self._situation.resource
        group = group_of(resource, self._situation.stack)
        location: Any = UNKNOWN
        tags: Any = UNKNOWN
        managed_by: Any = UNKNOWN
        identifier: Any = UNKNOWN
        if group.resource is not None:
            location = group.resource.view("location").node
            managed_by = group.resource.view("managedBy").node
            tags = group.resource.view("tags").node or {}
            identifier = group.resource.id or UNKNOWN
        subscription = subscription_in(resource.id)
        if identifier is UNKNOWN and group.name and subscription:
            identifier = f"/subscriptions/{subscription}/resourceGroups/{group.name}"
        return {
            "id": identifier,
            "name": UNKNOWN if group.name is None else group.name,
            "type": "Microsoft.Resources/resourceGroups",
            "location": location,
            "tags": tags,
            "managedBy": managed_by,
            "properties": {"provisioningState": "Succeeded"},
        }

    def _subscription(self) -> dict[str, Any]:
        found = subscription_in((self._situation.asked or self._situation.resource).id)
        known = UNKNOWN if found is None else found
        return {
            "id": UNKNOWN if found is None else f"/subscriptions/{found}",
            "subscriptionId": known,
            "tenantId": UNKNOWN,
            "displayName": UNKNOWN,
            "state": UNKNOWN,
            "tags": UNKNOWN,
            "authorizationSource": UNKNOWN,
            "managedByTenants": UNKNOWN,
            "subscriptionPolicies": UNKNOWN,
        }


def _is_of(name: FieldName, situation: Situation) -> bool:
    """Whether a field is an alias of the related resource and not of the resource that the policy is about."""
    asked = situation.asked
    return (
        isinstance(name, Alias) and situation.resource.is_a(name.type) and (asked is None or not asked.is_a(name.type))
    )
