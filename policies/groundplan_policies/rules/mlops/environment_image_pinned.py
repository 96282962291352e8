# SPDX-License-Identifier: Apache-2.0
"""The image of an environment version stays the same."""

from collections.abc import Mapping
from typing import Any

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
)
from groundplan_policies.subjects.asset_references import is_archived

IMAGE = "properties.image"


def check(version: Resource, given: Mapping[str, Any]) -> Found:
    """A digest always stays; a tag with a name of its own mostly does."""
    image = version.text(IMAGE)
    if not image or "@sha256:" in image or is_archived(version):
        return
    _, _, tag = image.rpartition("/")[2].partition(":")
    if given["digest"]:
        yield version.wrong(IMAGE, "a digest is needed")
    elif not tag or tag.casefold() in given["floating"]:
        yield version.wrong(IMAGE, f"a digest is needed, or a tag other than {', '.join(given['floating'])}")


RULE = Rule(
    id="GP-MLO-001",
    slug="environment-image-pinned",
    title="The image of an environment version has a digest or a fixed tag",
    severity="medium",
    types=(
        "Microsoft.MachineLearningServices/workspaces/environments/versions",
        "Microsoft.MachineLearningServices/registries/environments/versions",
    ),
    controls=("mlo-environment-image",),
    rationale=(
        "Azure builds the environment again in another workspace or after its image was purged; with a tag that moves, the second build "
        "is not what the model was tested with."
    ),
    remediation="Write the image as `<registry>/<repository>@sha256:<digest>`, or with the tag of a release.",
    absent="Passes without an image: a build context says itself what it starts from. An image without a tag is a violation.",
    parameters=(
        Parameter(
            name="floating",
            default=["latest"],
            description="Tags in lower case that move from image to image.",
            schema={"type": "array", "items": {"type": "string"}, "minItems": 1},
        ),
        Parameter(
            name="digest",
            default=False,
            description="Nothing but a digest will do.",
            schema={"type": "boolean"},
        ),
    ),
    check=check,
)


def _version(image: object, **more: object) -> dict[str, object]:
    return {"name": "mlw/sklearn/1", "properties": {"image": image, **more}}


_DIGEST = "mcr.microsoft.com/azureml/base@sha256:0123abcd"

GOOD: GoodCases = {
    "a digest": Good(_version(_DIGEST), given={"digest": True}),
    "a release": _version("localhost:5000/team/base:2024-10-01"),
    "a build context": _version(None, build={"contextUri": "azureml://datastores/code/paths/env"}),
    "archived": _version("base:latest", isArchived=True),
    "a digest with a tag": _version("base:latest@sha256:0123abcd"),
}
BAD: BadCases = {
    "the newest": Bad(
        _version("mcr.microsoft.com/azureml/base:Latest"),
        says="properties.image is 'mcr.microsoft.com/azureml/base:Latest'; a digest is needed, or a tag other than latest",
    ),
    "no tag": Bad(
        _version("localhost:5000/base"), says="properties.image is 'localhost:5000/base'; a digest is needed"
    ),
    "a tag of yours": Bad(
        _version("base:stable"),
        says="properties.image is 'base:stable'; a digest is needed, or a tag other than latest, stable",
        given={"floating": ["latest", "stable"]},
    ),
    "a tag where digests are wanted": Bad(
        _version("base:1.2", isArchived=False),
        says="properties.image is 'base:1.2'; a digest is needed",
        given={"digest": True},
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _version(UNKNOWN)}
