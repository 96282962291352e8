# SPDX-License-Identifier: Apache-2.0
"""Every package of an environment version has a version.

Options of pip, such as `-r file`, are not looked at: what they lead to is not part of the resource. Messages show the name of a package
alone, since an address may hold a token.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
    Violation,
)
from groundplan_policies.subjects.asset_references import is_archived

FILE = "properties.condaFile"
_CONDA = re.compile(r"(?:[^\s:]+::)?[\w.-]+(?:\s*==?\s*|\s+)\d[\w.!+-]*(?:=\w+)?")
_PIP = re.compile(
    r"[\w.-]+\s*(?:\[[^\]]*\])?\s*={2,3}\s*[vV]?\d[\w.!+-]*\s*(?:;.*)?"  # name[extra]==1.2; python_version > '3'
    r"|(?:[\w.-]+\s*@\s*)?git\+\w+://[^/\s]+/[^@\s]+@[^@\s]+"  # a commit or a tag of a repository
    r"|(?:[\w.-]+\s*@\s*)?(?!git\+)\S+\.(?:whl|tar\.gz|zip)(?:#\S*)?"  # a file
)
_NAME = re.compile(r"(?:[^\s:]+::)?([\w.-]*)")


def check(version: Resource, given: Mapping[str, Any]) -> Found:
    """Packages of conda, and those of pip in the list among them."""
    text = version.text(FILE)
    if not text or is_archived(version):
        return
    try:
        content = YAML(typ="safe").load(text)
    except YAMLError:
        yield Violation(FILE, f"{FILE} is no YAML that can be read")
        return
    for name in _loose(content):
        if name.casefold() not in given["floating"]:
            yield Violation(FILE, f"{FILE} has {name!r} without a version; one is needed, such as {name}==1.0")


def _loose(content: object) -> Iterator[str]:
    for entry in _list(content, "dependencies"):
        if isinstance(entry, str):
            if not _CONDA.fullmatch(entry.strip()):
                yield _name(entry)
            continue
        for line in _list(entry, "pip"):
            requirement = str(line).strip()
            if not requirement.startswith(("-", "#")) and not _PIP.fullmatch(requirement):
                yield _name(requirement)


def _list(content: object, key: str) -> list[object]:
    found = cast("dict[str, object]", content).get(key) if isinstance(content, dict) else None
    return cast("list[object]", found) if isinstance(found, list) else []


def _name(entry: str) -> str:
    found = _NAME.match(entry.strip())
    return found[1] if found else ""


RULE = Rule(
    id="GP-MLO-002",
    slug="environment-packages-pinned",
    title="Every package of an environment version has a version",
    severity="medium",
    types=(
        "Microsoft.MachineLearningServices/workspaces/environments/versions",
        "Microsoft.MachineLearningServices/registries/environments/versions",
    ),
    controls=("mlo-environment-packages",),
    rationale=(
        "A package without a version is another one at the next build: results change that nobody can explain, and a package that was "
        "taken over by a stranger comes in by itself."
    ),
    remediation="Write `name=1.2` for conda and `name==1.2.3` for pip; `conda env export` and `pip freeze` tell the versions.",
    absent="Passes without a conda file: the image has the packages.",
    parameters=(
        Parameter(
            name="floating",
            default=["pip"],
            description="Names of packages in lower case that need no version.",
            schema={"type": "array", "items": {"type": "string"}},
        ),
    ),
    check=check,
)


def _version(conda: object, **more: object) -> dict[str, object]:
    return {"name": "mlw/sklearn/1", "properties": {"condaFile": conda, **more}}


def _packages(*conda: str, pip: tuple[str, ...] = ()) -> dict[str, object]:
    lines = [*(f"- '{each}'" for each in conda), "- pip:", *(f'  - "{each}"' for each in pip)]
    return _version("\n".join(("name: sklearn", "dependencies:", *lines)))


def _says(name: str) -> str:
    return f"properties.condaFile has '{name}' without a version; one is needed, such as {name}==1.0"


_EXACT = ("numpy==1.26.4", "scikit-learn [extra] == 1.5.0 ; python_version > '3'", "arbitrary===v1.0+local")
_DIRECT = (
    "git+https://example.org/a/b.git@v1.2#egg=b",
    "b @ git+ssh://git@example.org/a/b@feature/one",
    "c @ https://example.org/c-1.0.tar.gz#sha256=ab",
    "./wheels/d-1.0-py3-none-any.whl",
    "e @ https://example.org/e.zip",
)

GOOD: GoodCases = {
    "conda": _packages("python=3.11", "conda-forge::numpy==1.26.4=py311_0", " scipy 1.14.0 ", "pip"),
    "pip": _packages(pip=(*_EXACT, "-r requirements.txt", "# a comment")),
    "from elsewhere": _packages(pip=_DIRECT),
    "of no weight to you": Good(_packages("Numpy"), given={"floating": ["numpy"]}),
    "none": _version(None),
    "no list": _version("dependencies: numpy"),
    "no packages": _version("- numpy"),
    "another list": _version("dependencies:\n- conda: [numpy]"),
    "archived": _version("dependencies: [numpy]", isArchived=True),
}
BAD: BadCases = {
    "no version of conda's": Bad(_packages("python=3.11", "conda-forge::numpy"), says=_says("numpy")),
    "any newer one of conda's": Bad(_packages("scipy>=1.14"), says=_says("scipy")),
    "any of a series of conda's": Bad(_packages("scipy=1.*"), says=_says("scipy")),
    "no version of pip's": Bad(_packages(pip=("numpy==1.26.4", "pandas")), says=_says("pandas")),
    "any newer one of pip's": Bad(_packages(pip=("pandas[all]~=2.0",)), says=_says("pandas")),
    "any of a series of pip's": Bad(_packages(pip=("pandas==2.*",)), says=_says("pandas")),
    "the tip of a repository": Bad(_packages(pip=("git+https://token@example.org/a/b.git",)), says=_says("git")),
    "pip, where it matters": Bad(_packages("pip"), says=_says("pip"), given={"floating": []}),
    "a list in JSON": Bad(_version('{"dependencies": ["numpy"]}', isArchived=False), says=_says("numpy")),
    "no YAML": Bad(_version("dependencies: ["), says="properties.condaFile is no YAML that can be read"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _version(UNKNOWN)}
