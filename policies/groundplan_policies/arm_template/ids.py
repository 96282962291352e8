# SPDX-License-Identifier: Apache-2.0
"""The functions that make ids of resources.

Source: "Resource functions for ARM templates" of Microsoft's documentation.
"""

from __future__ import annotations

from collections.abc import Sequence

from groundplan_policies.arm_template.place import Place, id_of
from groundplan_policies.arm_template.symbols import known, segments
from groundplan_policies.expressions import ExpressionError

ID_FUNCTIONS = {
    "resourceid": "resourceId",
    "subscriptionresourceid": "subscriptionResourceId",
    "tenantresourceid": "tenantResourceId",
    "managementgroupresourceid": "managementGroupResourceId",
    "extensionresourceid": "extensionResourceId",
}
"""As Azure spells them, by lower-case name."""


def id_from(place: Place, function: str, arguments: Sequence[str]) -> str:
    """The symbolic id that a call makes out of symbolic texts. Raises `ExpressionError`."""
    name = ID_FUNCTIONS[function]
    leading = 1 if function == "extensionresourceid" else 0
    at = next((index for index, each in enumerate(arguments) if index >= leading and len(segments(each)) > 1), None)
    if at is None:
        raise ExpressionError(f"{name} is given no type; one such as 'Microsoft.KeyVault/vaults' is expected")
    before, type_, names = arguments[:at], arguments[at], list(arguments[at + 1 :])
    kinds = len(segments(type_)) - 1
    if not known(type_):
        return f"{_base(place, function, before)}/providers/{type_}/{'/'.join(names)}"
    if len(names) != kinds:
        names = [part for each in names for part in segments(each)]  # names may be joined already
    if len(names) != kinds:
        raise ExpressionError(f"{name} is given the type '{type_}' and {len(names)} names; {kinds} are expected")
    return id_of(_base(place, function, before), type_, names)


def _base(place: Place, function: str, before: Sequence[str]) -> str:
    """What is in front of `/providers/`."""
    match function, list(before):
        case "extensionresourceid", [scope]:
            return scope.rstrip("/")
        case "tenantresourceid", []:
            return ""
        case "managementgroupresourceid", []:
            return Place("", management_group=place.management_group or "management-group").id
        case "managementgroupresourceid", [group]:
            return Place("", management_group=group).id
        case "subscriptionresourceid", []:
            return Place(place.subscription).id
        case "subscriptionresourceid", [subscription]:
            return Place(subscription).id
        case "resourceid", []:
            return place.id
        case "resourceid", [one]:
            # of a deployment to a subscription it is that, of one to a resource group the group
            return Place(place.subscription, one).id if place.group or not _is_guid(one) else Place(one).id
        case "resourceid", [subscription, group]:
            return Place(subscription, group).id
        case _:
            raise ExpressionError(
                f"{ID_FUNCTIONS[function]} is given {len(before)} arguments in front of the type; that is too many"
            )


def _is_guid(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4
