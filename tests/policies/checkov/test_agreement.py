# SPDX-License-Identifier: Apache-2.0
"""Our rules and Checkov read the same resources, and differ in nothing that nobody has looked into."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from groundplan_policies import controls
from groundplan_policies.arm_template import read_template, write_template
from groundplan_workflows.adopt.arm import Arm
from groundplan_workflows.policy.live_checks import resources_of
from tests.fixtures.azure import RunningAzure
from tests.fixtures.checkov import Checkov
from tests.modules.releases import PIP
from tests.policies.checkov.opinions import Opinion, compared, opinions
from tests.policies.checkov.page import COMMAND, PAGE, VARIABLE, page
from tests.policies.checkov.reviewed import GROUP
from tests.policies.checkov.verdicts import differences, problems, unlike, unlike_problems
from tests.provider.conftest import Stack

ROOT = Path(__file__).parents[3]
PROGRAM = "from tests.policies.checkov.reviewed import everything\n\neverything()\n"
TEMPLATES = sorted((Path(__file__).parent / "templates").glob("*.json"))


@pytest.mark.timeout(900)  # about a minute alone; the first run on a machine sets up Checkov as well
def test_agreement(
    fresh_azure: RunningAzure, stack_on: Callable[[RunningAzure], Stack], checkov: Checkov, tmp_path: Path
) -> None:
    """Every difference is explained, every explanation needed, every control compared in both ways, and the page says so."""
    stack = stack_on(fresh_azure)
    stack.env |= {"PYTHONPATH": str(ROOT), **PIP}
    stack.write(PROGRAM)
    stack.pulumi("up", "--yes", "--skip-preview", timeout=400)
    live = tmp_path / "live.json"
    live.write_text(json.dumps(_template_of(fresh_azure), indent=1), encoding="utf-8")

    said = checkov.review([live, *TEMPLATES])
    wanted = compared(checkov.checks)
    found: list[Opinion] = []
    for path, records in said.items():
        document = json.loads(path.read_text(encoding="utf-8"))
        template = read_template(document, subscription=fresh_azure.subscription_id, resource_group=GROUP)
        found += opinions(wanted, template.resources, records, "" if path == live else f"{path.stem}:")

    assert problems(wanted, found, differences()) == []
    named = {key: control.checkov for key, control in controls.load().items()}
    assert unlike_problems(unlike(), checkov.checks, named) == []
    text = page(wanted, found, differences(), unlike())
    if os.environ.get(VARIABLE):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text, f"make the page again with: {COMMAND}"


def _template_of(azure: RunningAzure) -> dict[str, object]:
    """What is in the resource group, as Azure Resource Manager answers it."""
    headers = {"Authorization": f"Bearer {azure.token}"}
    with (
        httpx.Client(headers=headers, timeout=60, trust_env=False) as client,
        ThreadPoolExecutor(4) as pool,
    ):
        arm = Arm(azure.http, azure.subscription_id, client, pool, direct=True)
        return write_template(resources_of(arm, GROUP))
