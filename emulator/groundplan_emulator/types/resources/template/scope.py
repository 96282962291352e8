# SPDX-License-Identifier: Apache-2.0
"""What the expressions of one template see: parameters, variables, ids, and resources at run time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.types.resources.template import functions
from groundplan_emulator.types.resources.template.expressions import ExpressionError, NotYetError, evaluated, invalid

KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "securestring": str,
    "int": int,
    "bool": bool,
    "array": list,
    "object": dict,
    "secureobject": dict,
}


@dataclass(slots=True)
class TemplateScope:
    """One template on its way into one resource group. `pending`: ids that it will still make; `index`: of a copy loop."""

    ctx: Context
    group: str
    name: str
    template: dict[str, Any]
    given: dict[str, Any]
    pending: set[str] = field(default_factory=set)
    index: int | None = None
    known: dict[str, Any] = field(default_factory=dict)

    def value(self, raw: Any) -> Any:
        """A JSON value with its expressions evaluated."""
        return evaluated(raw, self.call)

    def at(self, index: int) -> TemplateScope:
        """The same scope inside a copy loop."""
        return replace(self, index=index)

    def call(self, name: str, arguments: list[Any]) -> Any:
        """The result of a function."""
        own = getattr(self, f"_f_{name.lower()}", None)
        if own is None:
            return functions.call(name, arguments)
        try:
            return own(*arguments)
        except TypeError as error:
            raise ExpressionError(
                f"the template function '{name}' cannot be applied to {arguments!r}: {error}"
            ) from None

    def check_parameters(self) -> None:
        """400 InvalidTemplate for unknown, missing and wrong parameters."""
        declared: dict[str, Any] = self.template.get("parameters", {})
        unknown = sorted(set(map(str.lower, self.given)) - set(map(str.lower, declared)))
        if unknown:
            raise invalid(
                "The following parameters were supplied, but do not correspond to any parameters defined in the template:"
                f" '{', '.join(unknown)}'."
            )
        for name in declared:
            self._f_parameters(name)

    # -- functions that need the scope; the name after `_f_` is the function's in lower case

    def _f_parameters(self, name: str) -> Any:
        key = f"parameters/{name.lower()}"
        if key not in self.known:
            self.known[key] = self._parameter(name)
        return self.known[key]

    def _parameter(self, name: str) -> Any:
        declared = _found(self.template.get("parameters", {}), name)
        if declared is None:
            raise ExpressionError(f"the template parameter '{name}' is not found")
        given = _found(self.given, name)
        if given is not None and "reference" in given:
            raise invalid(f"Parameter '{name}' is a Key Vault reference, which the emulator does not resolve.")
        if given is not None and given.get("value") is not None:
            value = given["value"]
        elif "defaultValue" in declared:
            value = self.value(declared["defaultValue"])
        else:
            raise invalid(f"The value for the template parameter '{name}' is not provided.")
        wanted = KINDS.get(str(declared.get("type", "")).lower())
        if wanted is None:
            raise invalid(f"The type '{declared.get('type')}' of parameter '{name}' is not one of {', '.join(KINDS)}.")
        if value is not None and not isinstance(value, wanted):
            raise invalid(f"The value of parameter '{name}' must be of type '{declared['type']}'.")
        return _allowed(name, value, declared.get("allowedValues"))

    def _f_variables(self, name: str) -> Any:
        key = f"variables/{name.lower()}"
        if key not in self.known:
            variables: dict[str, Any] = self.template.get("variables", {})
            match = next((known for known in variables if known.lower() == name.lower()), None)
            if match is None:
                raise ExpressionError(f"the template variable '{name}' is not found")
            self.known[key] = self.value(variables[match])
        return self.known[key]

    def _f_subscription(self) -> dict[str, Any]:
        identity = self.ctx.settings.identity
        return {
            "id": f"/subscriptions/{identity.subscription_id}",
            "subscriptionId": identity.subscription_id,
            "tenantId": identity.tenant_id,
            "displayName": "Azure on localhost",
        }

    def _f_tenant(self) -> dict[str, Any]:
        return {"tenantId": self.ctx.settings.identity.tenant_id}

    def _f_resourcegroup(self) -> dict[str, Any]:
        found = self.ctx.get(self.group)
        if found is None:
            raise ExpressionError(f"the resource group '{self.group}' does not exist")
        return found.body

    def _f_deployment(self) -> dict[str, Any]:
        return {"name": self.name, "properties": {"template": self.template, "parameters": self.given}}

    def _f_copyindex(self, *arguments: Any) -> int:
        if self.index is None:
            raise ExpressionError("the template function 'copyIndex' is only allowed inside a copy loop")
        offset = arguments[-1] if arguments and isinstance(arguments[-1], int) else 0
        return self.index + offset

    def _f_resourceid(self, *arguments: str) -> str:
        at = next((index for index, part in enumerate(arguments) if "/" in part), None)
        if at is None or at > 2:
            raise ExpressionError(
                "the template function 'resourceId' needs a resource type such as 'Microsoft.Storage/storageAccounts'"
            )
        scope = self.group
        if at:
            subscription = arguments[0] if at == 2 else self.group.split("/")[2]
            scope = f"/subscriptions/{subscription}/resourceGroups/{arguments[at - 1]}"
        return _id(scope, arguments[at], arguments[at + 1 :])

    def _f_subscriptionresourceid(self, *arguments: str) -> str:
        at = 0 if "/" in arguments[0] else 1
        subscription = arguments[0] if at else self.group.split("/")[2]
        return _id(f"/subscriptions/{subscription}", arguments[at], arguments[at + 1 :])

    def _f_extensionresourceid(self, scope: str, type_: str, *names: str) -> str:
        return _id(scope, type_, names)

    def _f_reference(self, name: str, _api_version: str = "", full: str = "") -> Any:
        body = self._body(name)
        return body if full.lower() == "full" else body.get("properties", {})

    def _f_listkeys(self, name: str, _api_version: str = "") -> Any:
        self._body(name)
        found = self.ctx.get(name)
        armtype = self.ctx.type_of(found) if found else None
        function = armtype.actions.get(("POST", "listkeys")) if armtype else None
        if found is None or function is None:
            raise ExpressionError(f"'{name}' has no keys to list")
        return function(self.ctx, found, {}).body

    def _body(self, name: str) -> dict[str, Any]:
        if name.lower() in self.pending:
            raise NotYetError(name)
        found = self.ctx.get(name)
        if found is None:
            raise ExpressionError(f"the resource '{name}' does not exist")
        armtype = self.ctx.type_of(found)
        return armtype.view(self.ctx, found) if armtype else found.body


def _found(declared: dict[str, Any], name: str) -> dict[str, Any] | None:
    return next((value for known, value in declared.items() if known.lower() == name.lower()), None)


def _allowed(name: str, value: Any, allowed: list[Any] | None) -> Any:
    """The value, if it is one of those allowed. azure-ai-ml sends Python's `Enum.MEMBER` for some: the member counts."""
    if allowed is None:
        return value
    spellings = {str(item).lower(): item for item in allowed}
    text = str(value).lower()
    if text in spellings:
        return value
    if text.rpartition(".")[2] in spellings:
        return spellings[text.rpartition(".")[2]]
    raise invalid(
        f"The value '{value}' of parameter '{name}' is not one of the allowed values '{', '.join(map(str, allowed))}'."
    )


def _id(scope: str, type_: str, names: tuple[str, ...]) -> str:
    namespace, *types = type_.split("/")
    if not types or len(types) != len(names):
        raise ExpressionError(f"the type '{type_}' needs {len(types)} names, but '{', '.join(names)}' were given")
    pairs = "/".join(f"{kind}/{name}" for kind, name in zip(types, names, strict=True))
    return f"{scope}/providers/{namespace}/{pairs}"
