# SPDX-License-Identifier: Apache-2.0
"""`groundplan graph` draws what is up."""

from tests.cli.conftest import Cli


def test_graph(project: Cli) -> None:
    """Nothing up is a sentence; afterwards both stacks are in the picture, printed or written."""
    refused = project("graph", expect=2)
    assert "nothing to draw" in refused.stderr
    assert "groundplan up --env dev --target local" in refused.stderr

    project("up", "--yes")
    drawn = project("graph").stdout
    assert drawn.startswith("flowchart LR")
    assert '["<b>group-1</b><br/>ResourceGroup"]' in drawn
    found = project.json("graph")
    assert [(box["name"], len(box["components"])) for box in found["stacks"]] == [("0-base", 1), ("1-top", 2)]

    picture = project.folder / "platform.svg"
    assert "wrote" in project("graph", "1-top", "--format", "svg", "--output", str(picture)).stdout
    assert picture.read_text(encoding="utf-8").startswith("<svg ")
    assert [path.name for path in project.folder.iterdir() if path.is_file()] == ["platform.svg"]

    assert "cannot write" in project("graph", "--output", str(project.folder / "no" / "x"), expect=2).stderr
    assert "unknown format 'png'" in project("graph", "--format", "png", expect=2).stderr
