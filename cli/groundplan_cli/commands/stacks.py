# SPDX-License-Identifier: Apache-2.0
"""`groundplan up | preview | refresh | destroy | outputs`: the stacks of a project."""

from typing import TYPE_CHECKING, Annotated

import typer

from groundplan_cli import console, options
from groundplan_cli.command import command
from groundplan_cli.result import Result

if TYPE_CHECKING:
    from groundplan_workflows.report import Operation

PolicyPacks = Annotated[
    list[str] | None,
    typer.Option(
        "--policy-pack",
        metavar="NAME|FOLDER",
        help="Policy pack that the engine runs, several times for several. Default: those of groundplan.policy.yaml, if there is one.",
        show_default=False,
    ),
]
Refresh = Annotated[bool, typer.Option("--refresh", help="Look first at what really is there.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    command(app, "up")(up)
    command(app, "preview")(preview)
    command(app, "refresh")(refresh)
    command(app, "destroy")(destroy)
    command(app, "outputs")(outputs)


def up(
    stacks: options.Stacks = None,
    env: options.Environment = "dev",
    target: options.EnvironmentTarget = None,
    look_first: Refresh = False,
    packs: PolicyPacks = None,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> Result:
    """Create or update stacks, in the order of their dependencies."""
    return _run("up", stacks, env, target, refresh=look_first, packs=packs, yes=yes, as_json=as_json)


def preview(
    stacks: options.Stacks = None,
    env: options.Environment = "dev",
    target: options.EnvironmentTarget = None,
    look_first: Refresh = False,
    packs: PolicyPacks = None,
    as_json: options.Json = False,
) -> Result:
    """Show what `up` would do."""
    return _run("preview", stacks, env, target, refresh=look_first, packs=packs, as_json=as_json)


def refresh(
    stacks: options.Stacks = None,
    env: options.Environment = "dev",
    target: options.EnvironmentTarget = None,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> Result:
    """Take what really is there into the engine's state."""
    return _run("refresh", stacks, env, target, yes=yes, as_json=as_json)


def destroy(
    stacks: options.Stacks = None,
    env: options.Environment = "dev",
    target: options.EnvironmentTarget = None,
    look_first: Refresh = False,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> Result:
    """Delete what stacks created, those that need others first."""
    return _run("destroy", stacks, env, target, refresh=look_first, yes=yes, as_json=as_json)


def outputs(
    stacks: options.Stacks = None,
    env: options.Environment = "dev",
    target: options.EnvironmentTarget = None,
    show_secrets: Annotated[bool, typer.Option("--show-secrets", help="Print secrets in plain text.")] = False,
    as_json: options.Json = False,
) -> Result:
    """Print what stacks export."""
    from groundplan_cli.views import output_tables
    from groundplan_workflows import project, provision, targets

    here = project.with_stacks()
    chosen = here.select(stacks or [], env)
    provision.check(here, chosen, env)
    target = targets.check_name(target or here.target(env))
    ready = targets.prepare(here, target, console.progress, env)
    found = provision.outputs(here, chosen, env, ready, show_secrets=show_secrets)
    data = {"target": target, "environment": env, "stacks": found}
    return Result(data=data, lines=[f"outputs: target {target}, env {env}"], tables=output_tables(found))


def _run(
    operation: "Operation",
    stacks: list[str] | None,
    env: str,
    target: str | None,
    *,
    refresh: bool = False,
    packs: list[str] | None = None,
    yes: bool = True,
    as_json: bool = False,
) -> Result:
    from groundplan_cli import views
    from groundplan_cli.ask import approve
    from groundplan_workflows import project, provision, targets
    from groundplan_workflows.policy import enforced

    here = project.with_stacks()
    chosen = here.select(stacks or [], env)
    target = targets.check_name(target or here.target(env))
    provision.check(here, chosen, env)
    governed = enforced.packs(here, packs or []) if operation in ("up", "preview") else None
    if not yes and not console.is_interactive():
        approve("", yes=False)
    ready = targets.prepare(here, target, console.progress, env)
    names = ", ".join(stack.name for stack in chosen)
    console.announce(f"{operation}: target {ready.description}, env {env}, stacks {names}", as_json=as_json)

    def go(what: "Operation") -> Result:
        from groundplan_cli.progress import watching

        with watching() as watcher:
            plan = provision.Plan(
                operation=what,
                project=here,
                stacks=chosen,
                environment=env,
                target=ready,
                refresh=refresh,
                packs=governed,
                watcher=watcher,
            )
            return views.report_result(provision.run(plan))

    if not yes:
        if operation == "up":
            shown = go("preview")
            console.show(shown)
            if shown.exit_code:
                return shown
        approve(f"{operation} {names} on target {ready.name}?", yes=False)
    return go(operation)
