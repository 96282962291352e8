# SPDX-License-Identifier: Apache-2.0
"""One Azure resource type, and one invoke function, as the catalog gives them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from groundplan_arm.model import ModuleTypes, Properties
from groundplan_arm.paths import SCOPES

_MAY_BE_EMPTY = "parentResourcePath"  # of resources:Resource, which stands for a resource of any type
_SPANNING = {**dict.fromkeys(SCOPES, ".+"), _MAY_BE_EMPTY: ".*"}
"""Parameters that stand for more than one segment."""
_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, eq=False)
class ResourceType:
    """A type of the table.

    `token`: `azure-native:keyvault:Vault`. `arm_type`: `Microsoft.KeyVault/vaults`. `path`: the template of its ids.
    `api_version`: the SDK's; `api_versions`: all that are accepted; `multi_version`: the service takes any version of its clients.
    `autoname`: "random" (logical name and eight hexadecimal digits), "copy" (logical name), "uuid" or "none".
    `scope`: "resource_group", "subscription", "tenant" or "extension" (under any id).
    `create_only`: inputs whose change forces a replacement besides path inputs, dotted.
    `tracked`: has location and tags. `parent_type`: the ARM type one step up, None where there is none.
    """

    token: str
    arm_type: str
    path: str
    api_version: str
    api_versions: frozenset[str]
    multi_version: bool
    autoname: str
    scope: str
    create_only: frozenset[str]
    tracked: bool
    parent_type: str | None
    _module: Callable[[], ModuleTypes] = field(repr=False)

    @property
    def module(self) -> ModuleTypes:
        """The nested types and enums that this type's properties name."""
        return self._module()

    @property
    def inputs(self) -> Properties:
        """Settable properties by wire name, path and query inputs among them."""
        return self.module.side("resources", self.class_name, "in")

    @property
    def outputs(self) -> Properties:
        """What the SDK gives back, by wire name (without `id`, which is Pulumi's own)."""
        return self.module.side("resources", self.class_name, "out")

    @property
    def class_name(self) -> str:
        """`Vault`."""
        return self.token.rsplit(":", 1)[1]

    @property
    def path_params(self) -> tuple[str, ...]:
        """Inputs that make the path, in its order, the subscription left out: ("resourceGroupName", "vaultName")."""
        return tuple(name for name in _PARAMETER.findall(self.path) if name.lower() != "subscriptionid")

    @property
    def name_param(self) -> str | None:
        """The parameter that ends the path (the one that is named automatically), None for a singleton."""
        found = re.search(r"\{(\w+)\}$", self.path)
        return found[1] if found else None

    @property
    def query_params(self) -> tuple[str, ...]:
        """Inputs that go to the query string of the PUT."""
        return tuple(name for name, value in self.inputs.items() if value.role == "query")

    @property
    def secrets(self) -> frozenset[str]:
        """Secret inputs and outputs, dotted, `[*]` for the items of lists and the values of maps: `properties.users[*].password`."""
        from groundplan_arm.secrets import secret_paths

        return secret_paths(self)

    @property
    def has_provisioning_state(self) -> bool:
        """Whether Azure answers `properties.provisioningState`."""
        outputs = self.outputs
        if "provisioningState" in outputs:
            return True
        inner = outputs.get("properties")
        if inner is None:
            return False
        from groundplan_arm.notation import named_types

        return any(
            "provisioningState" in self.module.nested(name) for mark, name in named_types(inner.kind) if mark == "#"
        )

    def resource_id(self, inputs: Mapping[str, Any], *, subscription_id: str) -> str:
        """The ARM id that these inputs name. Raises `ValueError` naming the path inputs that are missing."""
        lowered = {name.lower(): value for name, value in inputs.items()}
        lowered.setdefault("subscriptionid", subscription_id)
        missing = [name for name in self.path_params if not lowered.get(name.lower()) and name != _MAY_BE_EMPTY]
        if missing:
            raise ValueError(f"{self.token} needs {', '.join(missing)} to name its resource")
        text = _PARAMETER.sub(lambda found: str(lowered.get(found[1].lower()) or "").strip("/"), self.path)
        return "/" + re.sub("//+", "/", text).strip("/")

    def parse_id(self, resource_id: str) -> dict[str, str]:
        """Path inputs out of an id, the case kept. Raises `ValueError` when the id is not of this type."""
        pattern = "".join(
            f"(?P<{part}>{_SPANNING.get(part, '[^/]+')})" if at % 2 else re.escape(part)
            for at, part in enumerate(re.split(r"\{(\w+)\}", self.path))
        ).replace(f"(?P<{_MAY_BE_EMPTY}>.*)/", f"(?:(?P<{_MAY_BE_EMPTY}>.+)/)?")
        match = re.fullmatch(pattern, "/" + resource_id.strip("/"), re.IGNORECASE)
        if match is None:
            raise ValueError(f"'{resource_id}' is not an id of {self.arm_type}: expected '{self.path}'")
        return {name: value for name, value in match.groupdict(default="").items() if name.lower() != "subscriptionid"}


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """An invoke function of the SDK.

    `token`: `azure-native:storage:listStorageAccountKeys`. `method` and `path`: the ARM call (the path is '' for
    `kind` "client_config", which asks the provider itself). `of`: the type whose outputs a GET answers, None for an action.
    """

    token: str
    method: str
    path: str
    api_version: str
    kind: str
    of: ResourceType | None
    _module: Callable[[], ModuleTypes] = field(repr=False)

    @property
    def module(self) -> ModuleTypes:
        """The nested types that its result names."""
        return self._module()

    @property
    def args(self) -> Properties:
        """Arguments by wire name."""
        return self.module.side("functions", self.token.rsplit(":", 1)[1], "in")

    @property
    def results(self) -> Properties:
        """Properties of the result by wire name (those of the resource for a GET of one)."""
        if self.of is not None and self.method == "GET":
            return self.of.outputs
        return self.module.side("functions", self.token.rsplit(":", 1)[1], "out")

    @property
    def secrets(self) -> frozenset[str]:
        """Secret results, dotted, `[*]` for the items of lists and the values of maps: `keys[*].value`."""
        from groundplan_arm.secrets import secret_paths

        return secret_paths(self)

    @property
    def path_params(self) -> tuple[str, ...]:
        """Parameters of the path, the subscription left out."""
        return tuple(name for name in _PARAMETER.findall(self.path) if name.lower() != "subscriptionid")

    def url_path(self, args: Mapping[str, Any], *, subscription_id: str) -> str:
        """The path to call. Raises `ValueError` naming the arguments that are missing."""
        lowered = {name.lower(): value for name, value in args.items()}
        lowered.setdefault("subscriptionid", subscription_id)
        missing = [name for name in self.path_params if not lowered.get(name.lower())]
        if missing:
            raise ValueError(f"{self.token} needs {', '.join(missing)}")
        text = _PARAMETER.sub(lambda found: str(lowered[found[1].lower()]).strip("/"), self.path)
        return text if text.startswith("/") else f"/{text}"

    def body(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments that are no part of the path: the body of a POST."""
        inside = {name.lower() for name in _PARAMETER.findall(self.path)}
        return {name: value for name, value in args.items() if name.lower() not in inside and value is not None}
