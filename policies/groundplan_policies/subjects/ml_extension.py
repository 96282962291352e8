# SPDX-License-Identifier: Apache-2.0
"""Azure Machine Learning's extension of Kubernetes clusters, as several rules look at it.

Names of the settings: Microsoft's "Deploy Azure Machine Learning extension on AKS or Arc Kubernetes cluster".
"""

from __future__ import annotations

from collections.abc import Mapping

from groundplan_policies.resource import Resource, View

EXTENSION = "Microsoft.KubernetesConfiguration/extensions"
SETTINGS = "properties.configurationSettings"


def is_ours(extension: Resource) -> bool:
    """Whether it is Azure Machine Learning's. Raises `Undecided`."""
    return extension.equals("properties.extensionType", "Microsoft.AzureML.Kubernetes")


def settings(extension: Resource) -> Mapping[str, View]:
    """The settings by name in lower case; a name may have dots. Raises `Undecided`."""
    return {name.casefold(): value for name, value in extension.entries(SETTINGS)}


def says(found: Mapping[str, View], name: str, wanted: object) -> bool:
    """Whether a setting is there and has a value, `True` being written as a text. Raises `Undecided`."""
    setting = found.get(name.casefold())
    return setting is not None and setting.equals("", wanted)
