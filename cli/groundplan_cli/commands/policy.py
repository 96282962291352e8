# SPDX-License-Identifier: Apache-2.0
"""`groundplan policy`: rules and packs; what they say of stacks, templates and what is live."""

from pathlib import Path
from typing import Annotated

import typer

from groundplan_cli import console, options, policy_views
from groundplan_cli.command import command, group
from groundplan_cli.progress import SilentProgress
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

Scope = Annotated[
    str | None,
    typer.Option(
        "--scope",
        metavar="ID",
        help="Id of the resource group or subscription that the template is deployed to.",
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
    template: Annotated[
        list[Path] | None,
        typer.Option(
            "--template", metavar="FILE", help="Check ARM JSON instead: a template, or an export.", show_default=False
        ),
    ] = None,
    parameters: Annotated[
        Path | None,
        typer.Option("--parameters", metavar="FILE", help="Parameters of the template.", show_default=False),
    ] = None,
    scope: Scope = None,
    live_group: Annotated[
        str | None,
        typer.Option(
            "--live", metavar="GROUP", help="Check what is in a resource group of the target now.", show_default=False
        ),
    ] = None,
    report_format: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="text, json, sarif, junit or markdown.")
    ] = "text",
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Also write a report: .sarif, .json, .xml (JUnit) or .md.",
            show_default=False,
        ),
    ] = None,
    as_json: options.Json = False,
) -> Result:
    """Check stacks without deploying them: they are previewed in the engine, with the packs."""
    from groundplan_workflows.policy import checks, formats

    shape = "text" if report_format == "text" else formats.format_of(report_format)
    for path in output or []:
        formats.format_for(path)
    wanted = checks.Wanted(
        stacks=stacks or [],
        environment=env,
        target=target,
        packs=packs or [],
        configuration=config,
        fail_on=fail_on,
        recorded=recorded,
        templates=template or [],
        parameters=parameters,
        scope=scope,
        group=live_group,
    )
    report = checks.run(wanted, SilentProgress(), console.progress)
    for path in output or []:
        formats.save(report, path, Path.cwd())
    return policy_views.report_result(report, shape)


@command(app, "list")
def list_rules(
    packs: Packs = None,
    area: Annotated[
        str | None,
        typer.Option("--area", metavar="AREA", help="Only rules of an area, such as storage.", show_default=False),
    ] = None,
    as_json: options.Json = False,
) -> Result:
    """List rules: all of them, or those of packs with their levels."""
    from groundplan_workflows.policy import listing

    return policy_views.rules_result(listing.rules(packs or [], area))


@command(app, "show")
def show(
    rule: Annotated[str, typer.Argument(metavar="ID", help="Id or slug of a rule.")],
    packs: Packs = None,
    as_json: options.Json = False,
) -> Result:
    """Show a rule: why, how to mend it, parameters, examples, sources."""
    from groundplan_workflows.policy import listing

    found = listing.find(rule, packs or [])
    return Result(data=found.data, raw=found.page)


@command(app, "new")
def new(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="Name of the rule, such as workspace-has-owner.")],
    pack: Annotated[
        Path, typer.Option("--pack", "-p", metavar="FOLDER", help="The pack to put it into; made where there is none.")
    ] = Path("policies/own"),
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="One sentence that holds.", show_default=False)
    ] = None,
    identifier: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="The rule's id; the next free one unless set.", show_default=False),
    ] = None,
    type_: Annotated[str, typer.Option("--type", metavar="TYPE", help="ARM type that it looks at.")] = "*",
    as_json: options.Json = False,
) -> Result:
    """Write a rule, its examples and its test from a template."""
    from groundplan_workflows.policy import authoring

    made = authoring.new_rule(slug, pack, title=title, identifier=identifier, type_=type_)
    lines = [f"wrote {path}" for path in made.files]
    lines.append(f"{made.id} passes its own cases as it is; change {made.rule}, then: groundplan policy test {pack}")
    return Result(data={"id": made.id, "files": [str(path) for path in made.files]}, lines=lines)


@command(app, "test")
def run_tests(
    packs: Annotated[
        list[str] | None,
        typer.Argument(metavar="PACK", help="Packs by name or folder; all rules by default.", show_default=False),
    ] = None,
    minimum: Annotated[
        float, typer.Option("--min-coverage", metavar="PERCENT", help="Branches of each rule that cases have to take.")
    ] = 0.0,
    as_json: options.Json = False,
) -> Result:
    """Run the examples of rules, with the branches of each rule that they take."""
    from groundplan_workflows.policy import listing, testing

    return policy_views.tests_result(testing.run(listing.entries(packs or [])), minimum)


@command(app, "docs")
def docs(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write the pages.")],
    packs: Packs = None,
    as_json: options.Json = False,
) -> Result:
    """Write a page for every rule, and an index."""
    from groundplan_workflows.policy import listing, pages

    written = pages.write(listing.entries(packs or []), folder)
    lines = [f"wrote {len(written) - 1} pages of rules and {written[0]}"]
    return Result(data={"files": [str(path) for path in written]}, lines=lines)


@command(app, "coverage")
def coverage(
    framework: Annotated[str, typer.Option("--framework", "-f", metavar="mcsb|cis|nist", help="Which framework.")],
    packs: Packs = None,
    as_json: options.Json = False,
) -> Result:
    """Show control by control what packs enforce of a framework: enforced, partly, by whom else, not."""
    from groundplan_workflows.policy import frameworks

    return policy_views.coverage_result(frameworks.coverage(framework, packs or []))


@command(app, "import-azure")
def import_azure(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH", help="Definitions, initiatives, assignments: files or folders.")
    ],
    pack: Annotated[Path, typer.Option("--pack", "-p", metavar="FOLDER", help="The pack to make.")] = Path(
        "policies/azure-policy"
    ),
    level: Annotated[
        str, typer.Option("--level", metavar="mandatory|advisory", help="Level of policies whose effect is Deny.")
    ] = "mandatory",
    as_json: options.Json = False,
) -> Result:
    """Make a pack of Azure Policy definitions, initiatives, assignments and exemptions."""
    from groundplan_workflows.policy import azure_import

    return policy_views.import_result(azure_import.run(paths, pack, level))


@command(app, "schema")
def schema(
    pack: Annotated[bool, typer.Option("--pack", help="That of a pack's pack.yaml instead.")] = False,
) -> Result:
    """Print the JSON Schema of groundplan.policy.yaml, for editors."""
    import json

    from groundplan_policies import configuration

    found = configuration.schema(configuration.PackFile if pack else configuration.PolicyFile)
    return Result(data=found, raw=json.dumps(found, indent=2) + "\n")
