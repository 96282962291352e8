# SPDX-License-Identifier: Apache-2.0
"""Writes docs/policies/checkov.md out of a comparison."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.fixtures.checkov import CONSTRAINTS
from tests.policies.checkov.opinions import Compared, Opinion
from tests.policies.checkov.verdicts import Difference, Unlike

PAGE = Path(__file__).parents[3] / "docs" / "policies" / "checkov.md"
VARIABLE = "GROUNDPLAN_WRITE_PAGE"
COMMAND = f"{VARIABLE}=1 .venv/bin/python -m pytest tests/policies/checkov"

_BEGINNING = """\
# Agreement with Checkov

[Checkov](https://www.checkov.io) {version} is an independent reviewer of ARM templates. A test has it read what our rules read, and demands
that the two agree on every resource, or that somebody has looked into why they do not.

- A Pulumi program with resources of each type, open and closed, alone and out of our components, goes up on the local target. All that
  its resource group then holds is read from Azure Resource Manager and written as one template.
- What the local target or `pulumi-azure-native` refuses, what Azure never answers, and what lies outside of a resource group stands in
  templates beside it, in `tests/policies/checkov/templates`; their names are in front of those of the resources below.
- Both look at these files. Compared is control by control: our rules of a control fail a resource where one of them does, Checkov where
  one of its checks for that control does. What is said of a part, such as a diagnostic setting, counts for the resource that it belongs to.
- Of each control there is a resource that both fail and one that both pass. Rules have the parameters that they have by themselves.

The comparison knows what Checkov can check in ARM templates, from Checkov itself. Controls that it checks in Terraform only are not here.

## Run it

    .venv/bin/python -m pytest tests/policies/checkov

The first run sets up Checkov in an environment of its own, in the user's cache folder, with the versions and hashes of
`constraints-checkov.txt`; it does not share ours, as the two ask for different versions of the same packages. Checkov itself then uses
no network. Differences and their explanations are in `tests/policies/checkov/differences.toml`; one that is no longer found has to go,
too. This page is made by

    {command}
"""


def page(
    wanted: Sequence[Compared], found: Sequence[Opinion], explained: Sequence[Difference], others: Sequence[Unlike]
) -> str:
    """The whole page."""
    pinned = re.search(r"^checkov==(\S+)", CONSTRAINTS.read_text(encoding="utf-8"), re.MULTILINE)
    version = pinned[1] if pinned else ""
    parts = [
        _BEGINNING.format(version=version, command=COMMAND),
        "## Controls\n",
        *_controls(wanted, found),
        "\n## Differences\n",
        *_differences(wanted, explained),
        "\n## Checks that ask something else\n",
        "These sound like a control of ours, and the catalog does not name them.\n",
        "| check | control | what it looks at |",
        "|---|---|---|",
        *(f"| {each.check} | `{each.control}` | {each.why} |" for each in others),
    ]
    return "\n".join(parts) + "\n"


def _controls(wanted: Sequence[Compared], found: Iterable[Opinion]) -> Iterator[str]:
    counts = Counter((each.control, each.ours, each.checkov) for each in found)
    columns = (
        ("both pass", (("pass", "pass"),)),
        ("both fail", (("fail", "fail"),)),
        ("only ours fails", (("fail", "pass"),)),
        ("only Checkov fails", (("pass", "fail"),)),
        ("ours can not tell yet", (("undecided", "pass"), ("undecided", "fail"))),
        ("Checkov does not look", tuple((ours, "not asked") for ours in ("pass", "fail", "undecided"))),
    )
    titles = ["control", "rule", "Checkov", *(title for title, _ in columns)]
    numbers = [
        [sum(counts[each.control, ours, theirs] for ours, theirs in pairs) for _, pairs in columns] for each in wanted
    ]
    yield f"| {' | '.join(titles)} |"
    yield "|---|---|---|" + "---:|" * len(columns)
    for each, row in zip(wanted, numbers, strict=True):
        rules = ", ".join(f"{rule.id} `{rule.slug}`" for rule in each.rules)
        yield f"| `{each.control}` | {rules} | {', '.join(each.checks)} | {' | '.join(map(str, row))} |"
    totals = [sum(column) for column in zip(*numbers, strict=True)]
    yield f"| all {len(wanted)} | | | {' | '.join(map(str, totals))} |"


def _differences(wanted: Sequence[Compared], explained: Sequence[Difference]) -> Iterator[str]:
    yield "| control | resources | ours | Checkov | why |"
    yield "|---|---|---|---|---|"
    for control in (each.control for each in wanted):
        for row in (each for each in explained if each.control == control):
            names = ", ".join(f"`{name}`" for name in row.resources)
            yield f"| `{row.control}` | {names} | {row.ours} | {row.checkov} | {row.why} |"
