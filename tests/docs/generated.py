# SPDX-License-Identifier: Apache-2.0
"""Writes the parts of the pages about governance that are made from the rules and packs: `python -m tests.docs.generated`."""

from __future__ import annotations

import re
from pathlib import Path

from groundplan_policies import packs
from groundplan_workflows.policy import listing, pages

PAGES = Path(__file__).parents[2] / "docs" / "policies"
COMMAND = "python -m tests.docs.generated"
_TABLE = re.compile(r"(?<=<!-- packs -->\n).*?(?=<!-- end -->)", re.DOTALL)
_STOPPING = ("mandatory", "remediate")


def written() -> dict[Path, str]:
    """What the pages have to be."""
    readme = PAGES / "README.md"
    table = "".join(f"{line}\n" for line in _packs())
    return {
        PAGES / "rules.md": pages.index(listing.entries([])),
        readme: _TABLE.sub(lambda _: table, readme.read_text(encoding="utf-8")),
    }


def _packs() -> list[str]:
    lines = ["| pack | rules | mandatory | what it is for |", "|---|---|---|---|"]
    for name in packs.NAMES:
        pack = packs.load(packs.folder_of(name))
        asked = pack.enabled()
        stopping = sum(each.level in _STOPPING for each in asked)
        lines.append(f"| `{name}` | {len(asked)} | {stopping} | {pack.description} |")
    return lines


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text, encoding="utf-8")
