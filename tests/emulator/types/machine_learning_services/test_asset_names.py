# SPDX-License-Identifier: Apache-2.0
"""Names of assets, whose first version makes them."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from .conftest import Workspaces, refused

pytestmark = pytest.mark.azure_assumed
BODIES = {
    "models": {"modelUri": "https://example.org/m"},
    "environments": {"image": "example.org/image:1"},
    "data": {"dataUri": "https://example.org/d", "dataType": "uri_file"},
}
WRONG = ("a b", "-a", ".a", "ü", "aü", "x" * 256)


def test_a_version_makes_no_asset_of_a_wrong_name(workspaces: Workspaces):
    workspaces.made("one")

    for kind, properties in BODIES.items():
        for name in WRONG:
            answer = workspaces.call("PUT", f"one/{kind}/{quote(name)}/versions/1", {"properties": properties})
            refused(answer, "InvalidResourceName", f"The resource name '{name}' of type '")
            assert f"workspaces/{kind}' is invalid: 1 to 255 letters" in answer.json()["error"]["message"]
        assert workspaces.call("GET", f"one/{kind}").json()["value"] == []


def test_names_and_versions_with_marks(workspaces: Workspaces):
    workspaces.made("one")

    for name, version in (("sklearn-1.5_py3.10", "1.0.0"), ("0", "a-b_c"), ("x" * 255, "1")):
        path = f"one/environments/{name}/versions/{version}"
        assert workspaces.call("PUT", path, {"properties": BODIES["environments"]}).status_code == 201
    refused(
        workspaces.call("PUT", f"one/environments/0/versions/{quote('1ü')}", {"properties": BODIES["environments"]}),
        "InvalidResourceName",
        "'1ü'",
    )
