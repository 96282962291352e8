# SPDX-License-Identifier: Apache-2.0
"""What a user of Microsoft's SDK would write: get and list a workspace and its computes, as JSON.

    python -m groundplan_workflows.sdk_look <resource group> <workspace>

Nothing in it knows of Groundplan: the environment variables of `groundplan local env` alone say where Azure is.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings


def main(group: str, workspace: str) -> None:
    """Print what the SDK finds."""
    # azure-ai-ml speaks of its own experimental classes at every import
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    from azure.ai.ml import MLClient
    from azure.identity import DefaultAzureCredential

    client = MLClient(DefaultAzureCredential(), os.environ["AZURE_SUBSCRIPTION_ID"], group, workspace)
    found = client.workspaces.get(workspace)
    computes = {str(compute.name): client.compute.get(str(compute.name)).type for compute in client.compute.list()}
    answer = {
        "workspace": found.name if found else None,
        "location": found.location if found else None,
        "workspaces": [each.name for each in client.workspaces.list()],
        "computes": computes,
    }
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
