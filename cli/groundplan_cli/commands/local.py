# SPDX-License-Identifier: Apache-2.0
"""`groundplan local`: Azure on localhost."""

from typing import Annotated, Any

import typer

from groundplan_cli import console, options
from groundplan_cli.command import command, group
from groundplan_cli.errors import Exit
from groundplan_cli.result import Result, Table

app = group("local", "Azure on localhost: start it, look into it, send your shell's clients to it.")
fault = group("fault", "Faults on demand: chosen requests are delayed or refused.")
app.add_typer(fault)

Clock = Annotated[
    str | None,
    typer.Option(metavar="instant|realistic|manual", help="How long operations take; as it was left by default."),
]


@command(app, "start")
def start(
    http_port: Annotated[int | None, typer.Option(help="Plain HTTP port; 18080, or a free one, by default.")] = None,
    https_port: Annotated[int | None, typer.Option(help="HTTPS port; 18443, or a free one, by default.")] = None,
    clock: Clock = None,
    as_json: options.Json = False,
) -> Result:
    """Start Azure on localhost, unless it runs already."""
    from groundplan_workflows import local, project

    started = local.start(project.here(), http_port=http_port, https_port=https_port, clock=clock)
    server, verb = started.server, "started" if started.now else "runs already"
    line = f"Azure on localhost {verb}: {server.https} (http: {server.http}), process {server.pid}"
    return Result(data={"started": started.now, **local.describe(server)}, lines=[line])


@command(app, "stop")
def stop(as_json: options.Json = False, quiet: options.Quiet = False) -> Result:
    """Stop it; its state stays."""
    from groundplan_workflows import local, project

    stopped = local.stop(project.here())
    return Result(data={"stopped": stopped}, lines=["stopped" if stopped else "Azure on localhost was not running"])


@command(app, "status")
def status(as_json: options.Json = False) -> Result:
    """Say whether it runs, and what is in it. Exit code 5 where it does not run."""
    from groundplan_workflows import local, project

    here = project.here()
    if local.running(here) is None:
        line = f"Azure on localhost does not run (state: {here.azure}); start it: groundplan local start"
        return Result(data={"running": False, "state": str(here.azure)}, lines=[line], exit_code=Exit.LOCAL_AZURE)
    found = local.status(here)
    rows = [(kind, str(count)) for kind, count in sorted(found["resources"].items())]
    lines = [
        f"Azure on localhost {found['version']}: {found['https']} (http: {found['http']}), process {found['pid']}",
        f"up {found['uptime']:.0f} s, clock {found['clock']['mode']}, faults {len(found['faults'])}",
        f"subscription {found['subscription_id']}, state {found['state']}",
        f"resources: {sum(found['resources'].values())}",
        *(f"soft-deleted: {name}" for name in found["soft_deleted"]),
    ]
    tables = [Table(("type", "count"), rows)] if rows else []
    return Result(data={"running": True, **found}, lines=lines, tables=tables)


@command(app, "reset")
def reset(
    keep_stacks: Annotated[bool, typer.Option("--keep-stacks", help="Leave the engine's state as it is.")] = False,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> Result:
    """Forget every resource, and the engine's state of the local target.

    Mends a damaged state too.
    """
    from groundplan_cli.ask import approve
    from groundplan_workflows import local, project

    here = project.here()
    approve(f"Forget everything in {here.azure}?", yes=yes)
    done = local.reset(here, keep_stacks=keep_stacks)
    return Result(data={"done": done}, lines=done)


@command(app, "env")
def env(
    shell: Annotated[
        str | None, typer.Option(metavar="sh|fish|pwsh", help="Shell to write for; taken from $SHELL by default.")
    ] = None,
    proxy: Annotated[
        bool, typer.Option("--proxy", help="Lead Azure's own hosts here by a proxy, for code that takes no others.")
    ] = False,
    unset: Annotated[bool, typer.Option("--unset", help="Take it back: the variables as they were before.")] = False,
    as_json: options.Json = False,
) -> Result:
    """Print what sends a shell's clients to Azure on localhost.

    Use: eval "$(groundplan local env)", and to take it back: eval "$(groundplan local env --unset)".
    """
    from groundplan_workflows import project, shell_environment

    here = project.here()
    if unset:
        values = shell_environment.variables_unset()
        return Result(data=values, raw=shell_environment.script(values, shell))
    values = shell_environment.variables(here, console.progress, proxy=proxy)
    return Result(data=values, raw=shell_environment.script(values, shell))


@command(app, "logs")
def logs(
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many lines from the end.")] = 50,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new lines until Ctrl-C.")] = False,
) -> None:
    """Print the server's log."""
    from groundplan_workflows import local, project

    here = project.here()
    console.stream(local.log_lines(here, lines))
    if follow:
        console.stream(local.follow_log(here))


@command(app, "clock")
def clock(
    mode: Annotated[str | None, typer.Argument(metavar="MODE", show_default=False)] = None,
    advance: Annotated[float | None, typer.Option(metavar="SECONDS", help="Skip this long.")] = None,
    as_json: options.Json = False,
) -> Result:
    """Read the clock, set its mode (instant, realistic, manual), or skip time."""
    from groundplan_workflows import local, project

    found = local.clock(project.here(), mode, advance)
    return Result(data=found, lines=[f"clock {found['mode']}, now {found['now']}, skipped {found['skipped']:g} s"])


@command(fault, "add")
def add_fault(
    path: Annotated[str, typer.Argument(metavar="PATTERN", help="Regular expression over the request's path.")],
    method: Annotated[str, typer.Option(help="HTTP method, or * for all.")] = "*",
    status: Annotated[int, typer.Option(help="Status to answer, 400 to 599; 0 only delays.")] = 0,
    code: Annotated[str, typer.Option(help="ARM's error code to answer.")] = "InjectedFault",
    delay: Annotated[float, typer.Option(help="Seconds to wait first.")] = 0.0,
    times: Annotated[int, typer.Option(help="For how many requests; 0 for all.")] = 1,
    phase: Annotated[
        str, typer.Option(metavar="before|after|operation", help="Refuse; do it, then fail; or fail the operation.")
    ] = "before",
    as_json: options.Json = False,
) -> Result:
    """Let the next matching requests wait or fail."""
    from groundplan_workflows import local, project

    wanted: dict[str, Any] = {"path": path, "method": method, "status": status, "code": code, "phase": phase}
    number = local.add_fault(project.here(), wanted | {"delay": delay, "times": times or None})
    return Result(data={"id": number}, lines=[f"added fault {number}"])


@command(fault, "list")
def list_faults(as_json: options.Json = False) -> Result:
    """List the faults in force."""
    from groundplan_workflows import local, project

    found = local.faults(project.here())
    columns = ("id", "method", "path", "status", "code", "delay", "times", "phase")
    rows = [[str("all" if item[column] is None else item[column]) for column in columns] for item in found]
    return Result(data=list(found), lines=[] if rows else ["no faults"], tables=[Table(columns, rows)] if rows else [])


@command(fault, "clear")
def clear_faults(
    number: Annotated[
        int | None, typer.Argument(metavar="ID", show_default=False, help="One fault; all by default.")
    ] = None,
    as_json: options.Json = False,
) -> Result:
    """Remove one fault, or all."""
    from groundplan_workflows import local, project

    cleared = local.clear_faults(project.here(), number)
    return Result(data={"cleared": cleared}, lines=[f"removed {cleared} fault{'' if cleared == 1 else 's'}"])
