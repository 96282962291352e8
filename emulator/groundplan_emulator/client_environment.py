# SPDX-License-Identifier: Apache-2.0
"""The environment variables that lead Microsoft's unmodified clients to the local Azure: in a shell, in a job, in a scoring process."""

from __future__ import annotations


def variables(
    *, http: str, https: str, bundle: str, identity_header: str, subscription_id: str, tenant_id: str
) -> dict[str, str]:
    """What `DefaultAzureCredential`, azure-ai-ml and azure-mgmt-* read, so that code needs no word about it.

    `http` and `https`: the two listeners without a slash at the end; `bundle`: the file of certificate authorities.
    """
    return {
        "ARM_CLOUD_METADATA_URL": f"{https}/metadata/endpoints?api-version=2019-05-01",
        "REGISTRY_DISCOVERY_ENDPOINT_URL": f"{https}/",
        "REQUESTS_CA_BUNDLE": bundle,
        "SSL_CERT_FILE": bundle,
        "IDENTITY_ENDPOINT": f"{http}/msi/token",
        "IDENTITY_HEADER": identity_header,
        "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential",
        "AZURE_SUBSCRIPTION_ID": subscription_id,
        "AZURE_TENANT_ID": tenant_id,
    }
