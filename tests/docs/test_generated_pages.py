# SPDX-License-Identifier: Apache-2.0
"""The lists of rules and packs on the pages are those of the code."""

from pathlib import Path

import pytest

from tests.docs.generated import COMMAND, PAGES, written


@pytest.mark.parametrize("name", ["README.md", "rules.md"])
def test_it_is_up_to_date(name: str) -> None:
    page: Path = PAGES / name
    assert page.read_text(encoding="utf-8") == written()[page], f"write it anew: {COMMAND}"
