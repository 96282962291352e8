# SPDX-License-Identifier: Apache-2.0
"""A workbook of a Log Analytics workspace, and one of Azure Monitor."""

import json

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings

CONTENT = {"version": "Notebook/1.0", "items": [{"type": 1, "content": {"json": "# Größe"}, "name": "title"}]}


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.Workbook(
        "full",
        gp.WorkbookArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            title="Platform",
            content=CONTENT,
            source_id=here.monitoring.log_analytics_workspace_id,
            description="What the platform does",
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Whoever reads it needs roles on what it asks: the page itself holds no data."""
    gp.Workbook(
        "locked-down", gp.WorkbookArgs(resource_group_name=here.group.name, title="Platform, closed", content=CONTENT)
    )


def check(found: Declared) -> None:
    """The content arrives as it was."""
    sent = found.one("applicationinsights:Workbook", "full")
    assert json.loads(sent["serializedData"]) == CONTENT
    assert sent["resourceName"] != found.one("applicationinsights:Workbook", "locked-down")["resourceName"]
