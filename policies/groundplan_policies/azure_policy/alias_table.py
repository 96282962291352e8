# SPDX-License-Identifier: Apache-2.0
"""Aliases whose path does not follow from their name.

Sources: the aliases that Azure's resource providers publish, as PSRule.Rules.Azure (data/providers) and maciejporebski's
azure-policy-aliases keep them.
"""

from __future__ import annotations

_IMAGE = "properties.storageProfile.imageReference"

EXCEPTIONS: dict[str, tuple[str, str]] = {
    alias.casefold(): (type_, path)
    for type_, rows in {
        "Microsoft.Insights/diagnosticSettings": {
            "Microsoft.Insights/diagnosticSettings/logs.enabled": "properties.logs[*].enabled",
            "Microsoft.Insights/diagnosticSettings/metrics.enabled": "properties.metrics[*].enabled",
        },
        "Microsoft.Storage/storageAccounts": {
            "Microsoft.Storage/storageAccounts/accountType": "properties.accountType",
            "Microsoft.Storage/storageAccounts/azureFilesAadIntegration": "properties.azureFilesAadIntegration",
            "Microsoft.Storage/storageAccounts/enableBlobEncryption": "properties.encryption.services.blob.enabled",
            "Microsoft.Storage/storageAccounts/enableFileEncryption": "properties.encryption.services.file.enabled",
        },
        "Microsoft.MachineLearningServices/workspaces": {
            "Microsoft.MachineLearningServices/workspaces/batchaiWorkspace": "properties.batchaiWorkspace",
            "Microsoft.MachineLearningServices/workspaces/creationTime": "properties.creationTime",
        },
        "Microsoft.Compute/virtualMachines": {
            "Microsoft.Compute/imageId": f"{_IMAGE}.id",
            "Microsoft.Compute/imagePublisher": f"{_IMAGE}.publisher",
            "Microsoft.Compute/imageOffer": f"{_IMAGE}.offer",
            "Microsoft.Compute/imageSku": f"{_IMAGE}.sku",
            "Microsoft.Compute/imageVersion": f"{_IMAGE}.version",
            "Microsoft.Compute/licenseType": "properties.licenseType",
            "Microsoft.Compute/virtualMachines/imagePublisher": f"{_IMAGE}.publisher",
            "Microsoft.Compute/virtualMachines/imageOffer": f"{_IMAGE}.offer",
            "Microsoft.Compute/virtualMachines/imageSku": f"{_IMAGE}.sku",
            "Microsoft.Compute/virtualMachines/imageVersion": f"{_IMAGE}.version",
            "Microsoft.Compute/virtualMachines/sku.name": "properties.hardwareProfile.vmSize",
        },
    }.items()
    for alias, path in rows.items()
}
"""Type and path by alias in lower case."""

PREFIXES: dict[str, str] = {
    "microsoft.storage/storageaccounts/blobservices/default.": "Microsoft.Storage/storageAccounts/blobServices/",
    "microsoft.storage/storageaccounts/fileservices/default.": "Microsoft.Storage/storageAccounts/fileServices/",
    "microsoft.storage/storageaccounts/queueservices/default.": "Microsoft.Storage/storageAccounts/queueServices/",
    "microsoft.storage/storageaccounts/tableservices/default.": "Microsoft.Storage/storageAccounts/tableServices/",
    "microsoft.web/sites/config/web.": "Microsoft.Web/sites/config/",
}
"""Beginnings of aliases that name an instance of a type as well, and the beginnings that mean the same."""

ENVELOPE = frozenset(
    {
        *("id", "name", "kind", "location", "tags", "sku", "identity", "plan", "zones", "etag"),
        *("managedby", "extendedlocation", "systemdata"),
    }
)
"""Names that stand beside `properties` in a resource, in lower case. Not `type`: an alias that ends so means a property."""
