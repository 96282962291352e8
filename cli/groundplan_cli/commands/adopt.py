# SPDX-License-Identifier: Apache-2.0
"""`groundplan import`: resources that exist come under the components of a stack."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from groundplan_cli import console, options
from groundplan_cli.command import command
from groundplan_cli.result import Result, Table

if TYPE_CHECKING:
    from groundplan_workflows.adopt.adoption import Adoption


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "import")(adopt)


def adopt(
    stack: Annotated[str, typer.Argument(metavar="STACK", help="The stack whose program declares them.")],
    group: Annotated[str, typer.Option("--resource-group", "-g", metavar="NAME", help="Resource group that has them.")],
    env: options.Environment = "dev",
    target: options.EnvironmentTarget = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="New folder for the import files and the report."),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Import; without it only what would be done is shown.")
    ] = False,
    as_json: options.Json = False,
) -> Result:
    """Bring existing resources of a resource group under a stack's components; nothing in Azure is changed."""
    from groundplan_workflows import project, provision, targets
    from groundplan_workflows.adopt import adoption, naming
    from groundplan_workflows.adopt import output as outputs
    from groundplan_workflows.errors import UsageError

    here = project.with_stacks()
    chosen = here.select([stack])
    if len(chosen) != 1:
        names = ", ".join(each.name for each in chosen)
        raise UsageError(f"{stack} is {names}; resources are imported into one of them at a time")
    if output is not None:
        outputs.check(output)
    provision.check(here, chosen, env)
    ready = targets.prepare(here, targets.check_name(target or here.target(env)), console.progress, env)
    first = f"import: target {ready.description}, env {env}, stack {chosen[0].name}, resource group {group}"
    console.announce(first, as_json=as_json)
    request = adoption.Request(
        project=here, stack=chosen[0], environment=env, target=ready, group=group, progress=console.progress
    )
    config = chosen[0].config(env)
    with adoption.explore(request) as found:
        proposed = naming.text(config, chosen[0].project, found.names) if found.names else ""
        done = bool(yes and found.changes)
        if done:
            adoption.carry_out(request, found)
    data = {"target": ready.name, "environment": env, "stack": chosen[0].name, "group": group, "done": done}
    data |= found.as_dict()
    if output is not None:
        files: dict[str, Any] = {"import.json": found.file, "report.json": data}
        files |= {config.name: proposed} if proposed else {}
        outputs.write(output, files)
    return Result(data=data, lines=_lines(found, chosen[0].name, output, done=done), tables=_tables(found, done=done))


def _lines(found: "Adoption", stack: str, output: Path | None, *, done: bool) -> list[str]:
    count, resumed = len(found.resources), len(found.resumed)
    if not found.changes:
        said = ["nothing to import: no resource of the group that the stack declares is missing in its state"]
    elif done:
        said = [f"imported {count} resources under {len(found.chosen) - count} components"]
    else:
        said = [f"would import {count} resources; nothing was done: --yes imports them"]
    if resumed:
        said.append(f"{'finished' if done else 'would finish'} {resumed} resources of an earlier import")
    if found.remaining:
        said.append(f"the next update has {len(found.remaining)} to do")
    else:
        said.append("the next preview is empty" + (f"; groundplan up {stack} records its outputs" if done else ""))
    if others := sum(each.owned for each in found.unmapped):
        said.append(f"{others} other resources of the group belong to other stacks, or come and go with theirs")
    return [*said, *([f"wrote {output}"] if output else [])]


def _tables(found: "Adoption", *, done: bool) -> list[Table]:
    tables = [
        Table(("key", "name"), list(found.names.items()), title="names in the stack's configuration, key 'names'"),
        Table(
            ("type", "name", "id"),
            [(each.type, each.name, each.identifier) for each in found.resources],
            title="imported" if done else "would be imported",
        ),
        Table(
            ("operation", "type", "name", "why"),
            [(each.operation, each.type, each.name, found.why(each)) for each in found.remaining],
            title="what the next update would do",
        ),
        Table(
            ("type", "name", "why", "what to do"),
            [(each.type, each.name, each.why, each.todo) for each in found.unmapped if not each.owned],
            title="not mapped: stays as it is, outside of the stack",
        ),
    ]
    return [table for table in tables if table.rows]
