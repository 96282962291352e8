# SPDX-License-Identifier: Apache-2.0
"""Scripts that set up a compute instance."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Final

from pulumi_azure_native import machinelearningservices as ml

from groundplan.errors import ArgumentError

_CREDENTIAL: Final = re.compile(
    r"(?i)(pass(word|wd)?|pwd|secret|token|api[-_]?key|access[-_]?key|account[-_]?key|sas)[=:\s]|[?&]sig="
)


@dataclass(frozen=True, kw_only=True)
class SetupScript:
    """A shell script that runs on a compute instance as root."""

    text: str | None = None
    """Conditional. The script itself; whoever reads the compute sees it. Required unless `workspace_path` is given."""
    workspace_path: str | None = None
    """Conditional. Path of the script in the workspace's file share, e.g. `Users/ada/setup.sh`. Required unless `text`
    is given."""
    arguments: str = ""
    """Optional. Command line arguments, in clear text for whoever reads the compute: what looks like a password or
    token is refused. Default: none."""
    timeout_minutes: int = 15
    """Optional. Minutes after which the script, and with it the instance, counts as failed. Default: 15."""

    def __post_init__(self) -> None:
        if (self.text is None) == (self.workspace_path is None):
            raise ArgumentError("setup script: pass one of text and workspace_path")
        if found := _CREDENTIAL.search(f"{self.arguments} "):
            raise ArgumentError(
                f"setup script: arguments name a credential ({found[0].strip()!r}), and Azure shows arguments in clear "
                "text; have the script read it from a key vault with the instance's identity"
            )
        if self.timeout_minutes < 1:
            raise ArgumentError(f"setup script: timeout_minutes is {self.timeout_minutes}; allowed is 1 or more")

    def to_azure(self) -> ml.ScriptReferenceArgs:
        """The script as the compute's properties take it."""
        inline = self.text is not None
        return ml.ScriptReferenceArgs(
            script_source="inline" if inline else "workspaceStorage",
            script_data=base64.b64encode(self.text.encode()).decode() if self.text is not None else self.workspace_path,
            script_arguments=self.arguments or None,
            timeout=f"{self.timeout_minutes}m",
        )
