# SPDX-License-Identifier: Apache-2.0
"""Files that commands write from: blueprints (data), the repository of a platform (templates), the stacks themselves."""

from pathlib import Path

_HERE = Path(__file__).parent


def blueprints() -> Path:
    """Folder of the blueprints, one YAML file each."""
    return _HERE / "blueprints"


def repository() -> Path:
    """Folder of the templates of a platform's repository."""
    return _HERE / "repository"


def stacks() -> Path:
    """Folder of the stacks that come with Groundplan: in the package where it was installed, beside it in a checkout."""
    installed = _HERE / "stacks"
    return installed if installed.is_dir() else _HERE.parents[1] / "stacks"


def policies() -> Path:
    """Folder of the templates of rules, packs and the pages about them."""
    return _HERE / "policies"
