# SPDX-License-Identifier: Apache-2.0
"""Assets of a registry: models, environments, data, code and components."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.types.machine_learning_services import asset_kinds
from groundplan_emulator.types.machine_learning_services.assets import AssetContainer

BASE = "Microsoft.MachineLearningServices/registries"


class ModelContainers(AssetContainer):
    """Microsoft.MachineLearningServices/registries/models.

    Differs from Azure:
    - nothing known
    """

    type: ClassVar[str] = f"{BASE}/models"


class ModelVersions(asset_kinds.ModelVersion):
    """Microsoft.MachineLearningServices/registries/models/versions.

    Differs from Azure:
    - files outside of the emulator's storage are not looked up
    - the same files from another upload are the same content; Azure refuses them
    """

    type: ClassVar[str] = f"{BASE}/models/versions"


class EnvironmentContainers(AssetContainer):
    """Microsoft.MachineLearningServices/registries/environments.

    Differs from Azure:
    - nothing known
    """

    type: ClassVar[str] = f"{BASE}/environments"


class EnvironmentVersions(asset_kinds.EnvironmentVersion):
    """Microsoft.MachineLearningServices/registries/environments/versions.

    Differs from Azure:
    - no image is built, and an image's name is not looked up
    """

    type: ClassVar[str] = f"{BASE}/environments/versions"


class DataContainers(AssetContainer):
    """Microsoft.MachineLearningServices/registries/data.

    Differs from Azure:
    - nothing known
    """

    type: ClassVar[str] = f"{BASE}/data"


class DataVersions(asset_kinds.DataVersion):
    """Microsoft.MachineLearningServices/registries/data/versions.

    Differs from Azure:
    - the files that it names are not looked up
    - the same files from another upload are the same content; Azure refuses them
    """

    type: ClassVar[str] = f"{BASE}/data/versions"


class CodeContainers(AssetContainer):
    """Microsoft.MachineLearningServices/registries/codes.

    Differs from Azure:
    - nothing known
    """

    type: ClassVar[str] = f"{BASE}/codes"


class CodeVersions(asset_kinds.CodeVersion):
    """Microsoft.MachineLearningServices/registries/codes/versions.

    Differs from Azure:
    - the hash that the client notes says whether the content is the same
    """

    type: ClassVar[str] = f"{BASE}/codes/versions"


class ComponentContainers(AssetContainer):
    """Microsoft.MachineLearningServices/registries/components.

    Differs from Azure:
    - nothing known
    """

    type: ClassVar[str] = f"{BASE}/components"


class ComponentVersions(asset_kinds.ComponentVersion):
    """Microsoft.MachineLearningServices/registries/components/versions.

    Differs from Azure:
    - of its specification only references to environments, code and components are checked
    """

    type: ClassVar[str] = f"{BASE}/components/versions"
