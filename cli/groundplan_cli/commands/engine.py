# SPDX-License-Identifier: Apache-2.0
"""`groundplan engine`: the Pulumi engine of this machine."""

from groundplan_cli import console, options
from groundplan_cli.command import command, group
from groundplan_cli.result import Result

app = group("engine", "The Pulumi engine of this machine.")


@command(app, "install")
def install(as_json: options.Json = False) -> Result:
    """Find the engine; download or build it where there is none."""
    from groundplan_workflows import project, toolchain

    engine = toolchain.install(console.progress)
    return _describe(toolchain.describe(project.here(), engine))


@command(app, "info")
def info(as_json: options.Json = False) -> Result:
    """Say which engine is used. Exit code 6 where there is none."""
    from groundplan_workflows import project, toolchain

    return _describe(toolchain.describe(project.here(), toolchain.need()))


def _describe(found: dict[str, str]) -> Result:
    lines = [
        f"Pulumi {found['version']} ({found['source']}): {found['pulumi']}",
        f"Python language host: {found['language_host']}",
    ]
    return Result(data=found, lines=lines)
