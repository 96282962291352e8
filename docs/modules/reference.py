# SPDX-License-Identifier: Apache-2.0
"""Writes the argument and output tables of these pages from the components' own docstrings: `python docs/modules/reference.py`."""

import ast
import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

PAGES = Path(__file__).parent
MARK = re.compile(r"<!-- (arguments|outputs) of ([\w.]+) -->\n.*?<!-- end -->", re.DOTALL)


def rewritten(page: str) -> str:
    """The page with every marked table written anew."""
    return MARK.sub(
        lambda found: f"<!-- {found[1]} of {found[2]} -->\n{_table(found[1], found[2])}\n<!-- end -->", page
    )


def _table(what: str, path: str) -> str:
    module, _, name = path.rpartition(".")
    owner: type = getattr(importlib.import_module(f"groundplan.{module}"), name)
    rows = [
        f"| `{field}` | `{_plain(kind)}` | {doc} |"
        for each in reversed(owner.__mro__)
        if each.__module__.startswith("groundplan.") and each.__name__ != "Component"
        for field, kind, doc in _fields(each)
    ]
    head = "argument" if what == "arguments" else "output"
    return "\n".join([f"| {head} | type | |", "|---|---|---|", *rows])


def _fields(owner: type) -> Iterator[tuple[str, str, str]]:
    (tree,) = (each for each in ast.parse(inspect.getsource(owner)).body if isinstance(each, ast.ClassDef))
    for field, doc in pairwise(tree.body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(doc, ast.Expr):
            text = inspect.cleandoc(ast.literal_eval(doc.value)).replace("\n", " ").replace("|", "\\|")
            yield field.target.id, ast.unparse(field.annotation), text


def _plain(annotation: str) -> str:
    return annotation.replace(" | None", "").replace("|", "\\|")


def main() -> None:
    """Rewrite the pages in place; name those that changed."""
    for page in sorted(PAGES.glob("*.md")):
        old = page.read_text(encoding="utf-8")
        new = rewritten(old)
        if new != old:
            page.write_text(new, encoding="utf-8")
            sys.stdout.write(f"{page.name}\n")


if __name__ == "__main__":
    main()
