# SPDX-License-Identifier: Apache-2.0
"""Secrets in environment variables, put in when a deployment comes up, as Microsoft's "Secret injection in online endpoints" says:

${{azureml://connections/NAME}}                          all that `listsecrets` of the workspace's connection answers, as JSON
${{azureml://connections/NAME/credentials/CREDENTIAL}}   one of its credentials
${{azureml://connections/NAME/metadata/KEY}}             one of its metadata
${{azureml://connections/NAME/target}}                   its target
${{keyvault:https://VAULT.vault.azure.net/secrets/NAME/VERSION}}     a secret of a vault, the newest without a version
"""

from __future__ import annotations

import json
import re
from typing import Any, Final
from urllib.parse import urlsplit

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml.scoring.failures import DeploymentError
from groundplan_emulator.store import Resource
from groundplan_emulator.types.key_vault import versions
from groundplan_emulator.types.machine_learning_services.connections import CREDENTIALS

CODE: Final = "SecretsInjectionError"
_REFERENCE: Final = re.compile(
    r"\$\{\{\s*(?P<kind>azureml://connections/|keyvault:)(?P<rest>.+?)\s*\}\}", re.IGNORECASE
)
_ADVICE: Final = "Correct the reference, or make what it names."


def injected(ctx: Context, workspace: Resource, variables: dict[str, Any]) -> dict[str, str]:
    """The variables with their secrets. Raises `DeploymentError` where a reference leads nowhere."""
    found: dict[str, str] = {}
    for name, value in variables.items():
        match = _REFERENCE.fullmatch(str(value).strip())
        if match is None:
            found[name] = str(value)
            continue
        try:
            look = _of_vault if match["kind"].lower() == "keyvault:" else _of_connection
            found[name] = look(ctx, workspace, match["rest"])
        except LookupError as error:
            why = str(error.args[0])
            raise DeploymentError(CODE, f"Environment variable '{name}' is '{value}', but {why}.", _ADVICE) from None
    return found


def _of_connection(ctx: Context, workspace: Resource, path: str) -> str:
    name, *rest = path.strip("/").split("/")
    connection = ctx.get(f"{workspace.id}/connections/{name}")
    if connection is None:
        raise LookupError(f"workspace '{workspace.name}' has no connection '{name}'")
    properties: dict[str, Any] = {**connection.properties, "credentials": connection.private.get(CREDENTIALS)}
    match rest:
        case []:
            return json.dumps({**connection.body, "properties": properties})
        case ["target"] if properties.get("target"):
            return str(properties["target"])
        case ["credentials" | "metadata" as part, key] if key in _flat(properties.get(part)):
            return str(_flat(properties.get(part))[key])
        case _:
            there = [f"{part}/{key}" for part in ("credentials", "metadata") for key in _flat(properties.get(part))]
            raise LookupError(
                f"connection '{name}' has no '{'/'.join(rest)}' (it has: {', '.join(there) or 'nothing'}, target)"
            )


def _flat(part: Any) -> dict[str, Any]:
    """Custom keys are one level further down."""
    values: dict[str, Any] = part if isinstance(part, dict) else {}
    return {**values, **keys} if isinstance(keys := values.get("keys"), dict) else values


def _of_vault(ctx: Context, _workspace: Resource, address: str) -> str:
    parts = urlsplit(address)
    host, segments = parts.hostname or "", [each for each in parts.path.split("/") if each]
    if segments[:1] == ["vault"] and len(segments) > 1:
        host, segments = segments[1], segments[2:]
    vault_name = host.partition(".")[0]
    if segments[:1] != ["secrets"] or len(segments) not in (2, 3):
        raise LookupError("this is no address of a secret such as https://VAULT.vault.azure.net/secrets/NAME/VERSION")
    vault = next(iter(ctx.store.of_type(versions.VAULT, name=vault_name)), None)
    if vault is None:
        raise LookupError(f"there is no key vault '{vault_name}'")
    secret = ctx.get(f"{vault.id}/secrets/{segments[1]}")
    known = versions.versions(secret) if secret is not None else []
    wanted = segments[2].lower() if len(segments) > 2 else ""
    current = next((each for each in reversed(known) if wanted in ("", each["version"])), None)
    if current is None:
        raise LookupError(f"key vault '{vault_name}' has no secret '{'/'.join(segments[1:])}'")
    if not current["attributes"].get("enabled", True):
        raise LookupError(f"secret '{segments[1]}' of key vault '{vault_name}' is disabled")
    return str(current["value"])
