# SPDX-License-Identifier: Apache-2.0
"""What a workspace knows by name: other services, and places for data."""

from dependencies import Context, Dependencies
from pulumi import Output, ResourceOptions, get_project, get_stack
from pulumi.runtime.config import is_config_secret
from settings import ConnectionSettings, DatastoreSettings

import groundplan as gp
from groundplan.errors import ConfigError


def declare_contents(context: Context, needs: Dependencies, workspace: gp.Workspace) -> None:
    """Connections and datastores of the workspace."""
    for name, connection in context.settings.connections.items():
        gp.Connection(
            f"{name}-connection",
            gp.ConnectionArgs(
                resource_group_name=context.group.name,
                workspace_name=workspace.name,
                connection_name=name,
                category=connection.category,
                target=connection.target,
                service_id=connection.service_id,
                metadata=connection.details,
                shared=connection.shared,
                credential=_credential(name, connection),
            ),
            ResourceOptions(depends_on=[workspace]),
        )
    for name, datastore in context.settings.datastores.items():
        gp.Datastore(
            f"{name}-datastore",
            gp.DatastoreArgs(
                resource_group_name=context.group.name,
                workspace_name=workspace.name,
                datastore_name=name,
                source=_source(datastore, needs),
                description=datastore.description or None,
                tags=context.settings.tags,
            ),
            ResourceOptions(depends_on=[workspace]),
        )


def _credential(name: str, settings: ConnectionSettings) -> gp.ApiKey | gp.CustomKeys | None:
    """What to log in with; `ConfigError` for a secret that lies in the file as plain text."""
    if settings.api_key is None and settings.custom_keys is None:
        return None
    if not is_config_secret(f"{get_project()}:connections"):
        key = "apiKey" if settings.api_key is not None else "customKeys.<name>"
        raise ConfigError(
            f"Pulumi.{get_stack()}.yaml: {get_project()}:connections.{name} has a secret in plain text; write it with "
            f"`pulumi config set --secret --path connections.{name}.{key}`, which encrypts it"
        )
    if settings.custom_keys is not None:
        return gp.CustomKeys(keys={key: Output.secret(value) for key, value in settings.custom_keys.items()})
    return gp.ApiKey(key=Output.secret(settings.api_key or ""))


def _source(settings: DatastoreSettings, needs: Dependencies) -> gp.BlobContainer | gp.DataLakeFilesystem:
    account_id = settings.account_id or needs.neighbours["storage_account_id"]
    if settings.filesystem is not None:
        return gp.DataLakeFilesystem(account_id=account_id, filesystem=settings.filesystem)
    return gp.BlobContainer(account_id=account_id, container=settings.container or "")
