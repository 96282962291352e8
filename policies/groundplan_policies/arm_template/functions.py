# SPDX-License-Identifier: Apache-2.0
"""The functions that ask a template, its deployment or Azure.

Sources: "Resource functions", "Scope functions" and "Deployment functions for ARM templates" of Microsoft's documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from groundplan_policies.arm_template.ids import ID_FUNCTIONS, id_from
from groundplan_policies.arm_template.symbolic import symbol_of
from groundplan_policies.arm_template.symbols import known, same_key, segments
from groundplan_policies.expressions import STANDARD, ExpressionError, Function, Table, Thunk, utc_now
from groundplan_policies.values import SECRET, UNKNOWN, Mark

if TYPE_CHECKING:
    from groundplan_policies.arm_template.evaluator import Evaluator

_ENVIRONMENT: Final = {
    "name": "AzureCloud",
    "gallery": "https://gallery.azure.com/",
    "graph": "https://graph.windows.net/",
    "portal": "https://portal.azure.com",
    "graphAudience": "https://graph.windows.net/",
    "activeDirectoryDataLake": "https://datalake.azure.net/",
    "batch": "https://batch.core.windows.net/",
    "media": "https://rest.media.azure.net",
    "sqlManagement": "https://management.core.windows.net:8443/",
    "vmImageAliasDoc": UNKNOWN,
    "resourceManager": "https://management.azure.com/",
    "authentication": {
        "loginEndpoint": "https://login.microsoftonline.com/",
        "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
        "tenant": "common",
        "identityProvider": "AAD",
    },
    "suffixes": {
        "acrLoginServer": ".azurecr.io",
        "azureDatalakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
        "azureDatalakeStoreFileSystem": "azuredatalakestore.net",
        "azureFrontDoorEndpointSuffix": "azurefd.net",
        "keyvaultDns": ".vault.azure.net",
        "sqlServerHostname": ".database.windows.net",
        "storage": "core.windows.net",
    },
}
"""What `environment()` says of the public cloud."""
_NOBODY_KNOWS = (
    *("newGuid", "providers", "pickZones", "deployer", "externalInput", "references"),
    *("toLogicalZone", "toLogicalZones", "toPhysicalZone", "toPhysicalZones"),
)
"""Functions that only Azure can answer."""
Calls = TypeVar("Calls", bound=Callable[..., Any])


class _Functions(dict[str, Callable[..., Any]]):
    """Functions by name; whatever begins with `list` asks a resource for its keys or the like, which are secret."""

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or _lists(key)

    def __missing__(self, key: str) -> Callable[..., Any]:
        if not _lists(key):
            raise KeyError(key)
        return Function(_secret, "all")

    def get(self, key: str, default: Any = None) -> Any:
        """The function of a name."""
        found = super().get(key, default)
        return Function(_secret, "all") if found is None and _lists(key) else found


def _lists(key: object) -> bool:
    return isinstance(key, str) and key.startswith("list")


def _secret(*_: Any) -> Mark:
    return SECRET


def functions_of(evaluator: Evaluator, own: Mapping[str, Function]) -> Mapping[str, Callable[..., Any]]:
    """Everything that an expression of a template may call."""
    table = Table()
    _add_template(evaluator, table)
    _add_resources(evaluator, table)
    _add_places(evaluator, table)
    return _Functions({**STANDARD, **table, **own, "utcnow": _noted(evaluator, utc_now(evaluator.session.now))})


def _noted(evaluator: Evaluator, function: Function) -> Function:
    """A function whose result, where nobody knows it, nobody can say the origin of."""

    def call(*arguments: Any) -> Any:
        found = function(*arguments)
        if found is UNKNOWN:
            evaluator.session.recorder.current.open = True
        return found

    return Function(call, "all")


def _add_template(evaluator: Evaluator, table: Table) -> None:
    recorder = evaluator.session.recorder

    @table.add("parameters", "string", sight="inside")
    def _parameters(name: str) -> Any:
        found = evaluator.parameter(name)
        recorder.current.add(found.trace)
        return found.value

    @table.add("variables", "string", sight="inside")
    def _variables(name: str) -> Any:
        found = evaluator.variable(name)
        recorder.current.add(found.trace)
        return found.value

    @table.add("copyIndex", "string|int?", "int?")
    def _copy_index(first: str | int | None = None, offset: int = 0) -> int | Mark:
        if isinstance(first, int):
            first, offset = None, first
        index = evaluator.loop(first).index
        return index if isinstance(index, Mark) else index + offset

    @table.add("deployment")
    def _deployment() -> dict[str, Any]:
        name = evaluator.label.removesuffix(":").rsplit(":", 1)[-1]
        unknown = dict.fromkeys(("template", "templateLink", "parameters", "provisioningState"), UNKNOWN)
        properties = {**unknown, "mode": "Incremental"}
        return {
            "name": name if name and known(name) else UNKNOWN,
            "location": evaluator.place.location,
            "properties": properties,
        }

    @table.add("environment")
    def _environment() -> dict[str, Any]:
        return dict(_ENVIRONMENT)

    @table.add("fail", "string")
    def _fail(message: str) -> Any:
        raise ExpressionError(f"the template refuses to be deployed: {message}")

    for name in _NOBODY_KNOWS:
        table[name.casefold()] = _noted(evaluator, Function(lambda *_: UNKNOWN))


def _add_resources(evaluator: Evaluator, table: Table) -> None:
    recorder = evaluator.session.recorder

    def symbol(part: Thunk) -> str:
        value = part()
        return symbol_of(evaluator, part.expression, part.functions) if isinstance(value, Mark) else str(value)

    def add_id_function(key: str, name: str) -> None:
        @table.add(name, "any", "any...", lazy=True)
        def _make(*parts: Thunk) -> str | Mark:
            with recorder.record():  # an unknown name makes an unknown id, but one that is known to be that resource's
                arguments = [symbol(part) for part in parts]
            found = id_from(evaluator.place, key, arguments)
            recorder.current.targets.add(found)
            return found if known(found) else UNKNOWN

    for key, name in ID_FUNCTIONS.items():
        add_id_function(key, name)

    @table.add("reference", "any", "any?", "any?", lazy=True)
    def _reference(first: Thunk, *_: Thunk) -> Any:
        with recorder.record():
            said = symbol(first)
        found = said if said.startswith("/") else (evaluator.deployment and evaluator.deployment.id_of(said)) or said
        recorder.current.targets.add(found)
        nested = evaluator.session.deployments.get(same_key(found))
        if nested is None:
            return UNKNOWN
        recorder.current.targets.discard(found)  # what it gives out came out of the resources in it
        if nested.linked:
            recorder.current.open = True
            return UNKNOWN
        return {"outputs": nested.outputs, "provisioningState": UNKNOWN}

    @table.add("resourceInfo", "string")
    def _resource_info(name: str) -> dict[str, Any]:
        found = evaluator.deployment.declared(name) if evaluator.deployment else None
        if found is None:
            raise ExpressionError(f"resourceInfo is given '{name}', which is the symbolic name of no resource")
        recorder.current.targets.add(found.id)
        known_id = known(found.id)
        return {
            "id": found.id if known_id else UNKNOWN,
            "name": found.name if known(found.name) else UNKNOWN,
            "type": found.type,
        }


def _add_places(evaluator: Evaluator, table: Table) -> None:
    place = evaluator.place

    def told(text: str) -> Any:
        return text if known(text) else UNKNOWN

    @table.add("resourceGroup")
    def _resource_group() -> dict[str, Any]:
        if not place.group:
            raise ExpressionError("resourceGroup is asked for in a deployment that is not to a resource group")
        return {
            "id": told(place.id),
            "name": told(place.group),
            "type": "Microsoft.Resources/resourceGroups",
            "location": place.location,
            "managedBy": UNKNOWN,
            "tags": UNKNOWN,
            "properties": {"provisioningState": "Succeeded"},
        }

    @table.add("subscription")
    def _subscription() -> dict[str, Any]:
        return {
            "id": told(f"/subscriptions/{place.subscription}"),
            "subscriptionId": told(place.subscription),
            "authorizationSource": UNKNOWN,
            "managedByTenants": UNKNOWN,
            "tenantId": UNKNOWN,
            "displayName": UNKNOWN,
        }

    @table.add("managementGroup")
    def _management_group() -> dict[str, Any]:
        if not place.management_group:
            raise ExpressionError("managementGroup is asked for in a deployment that is not to a management group")
        return {
            "id": told(place.id),
            "name": told(segments(place.management_group)[-1]),
            "type": "Microsoft.Management/managementGroups",
            "properties": UNKNOWN,
        }

    @table.add("tenant")
    def _tenant() -> dict[str, Any]:
        return dict.fromkeys(("tenantId", "countryCode", "displayName", "id"), UNKNOWN)
