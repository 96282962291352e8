# SPDX-License-Identifier: Apache-2.0
"""`groundplan policy`: rules and packs; what they say of stacks, templates and what is live."""

from pathlib import Path
from typing import Annotated

import typer

from groundplan_cli import console, options, policy_views
from groundplan_cli.command import command, group
from groundplan_cli.result import Result

app = group("policy", "Rules for platforms: list them, write them, check with them.")

Packs = Annotated[
    list[str] | None,
    typer.Option(
        "--pack",
        "-p",
        metavar="NAME|FOLDER",
        help="Pack to check with, several times for several: baseline, regulated, cost, mlops, network, or a folder. "
        "Default: those of groundplan.policy.yaml, or baseline.",
        show_default=False,
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Levels, parameters and exemptions. Default: groundplan.policy.yaml here or above.",
        show_default=False,
    ),
]
FailOn = Annotated[
    str | None,
    typer.Option(
        "--fail-on",
        metavar="low|medium|high|critical|mandatory",
        help="Exit with 3 from this severity on; mandatory goes by the levels of the rules.",
        show_default=False,
    ),
]


@command(app, "check")
def check(
    stacks: options.Stacks = None,
    env: options.Environment = "dev",
    target: options.EnvironmentTarget = None,
    packs: Packs = None,
    config: Config = None,
    fail_on: FailOn = None,
    recorded: Annotated[
        bool, typer.Option("--recorded", help="Look at what the last check saw, without the engine: in milliseconds.")
    ] = False,
    as_json: options.Json = False,
) -> Result:
    """Check stacks without deploying them: they are previewed in the engine, with the packs."""
    from groundplan_workflows import project, targets
    from groundplan_workflows.policy import check as checks
    from groundplan_workflows.policy import chosen

    here = project.with_stacks()
    selected = here.select(stacks or [], env)
    name = targets.check_name(target or here.target(env))
    what = chosen.choose(here.root, packs or [], config, fail_on)
    if recorded:
        return policy_views.report_result(checks.on_records(here, selected, env, name, what))
    from groundplan_cli.progress import watching
    from groundplan_workflows import provision

    provision.check(here, selected, env)
    ready = targets.prepare(here, name, console.progress, env)
    with watching() as watcher:
        return policy_views.report_result(checks.in_the_engine(here, selected, env, ready, what, watcher))
