# SPDX-License-Identifier: Apache-2.0
"""What the language host does for the speed of programs changes nothing of what they say."""

from itertools import pairwise

from tests.engine.conftest import Project


def test_debug_lines_arrive_in_order(project: Project) -> None:
    """Every debug line is shown with `--debug`, in its order and around other messages; none without."""
    project.write(
        "import pulumi\n"
        "for number in range(300):\n"
        "    pulumi.log.debug(f'step {number:03}')\n"
        "    if number == 150:\n"
        "        pulumi.log.info('half way')\n"
    )
    said = project.pulumi("preview", "--debug").partition("Diagnostics:")[2].split()
    lines = [int(after) for word, after in pairwise(said) if word == "step"]

    assert lines == list(range(300))
    assert said.index("150") < said.index("half") < said.index("151")
    assert "step" not in project.pulumi("preview")


def test_debug_lines_of_a_failing_program(project: Project) -> None:
    """What a program said before it failed is not lost."""
    project.write("import pulumi\npulumi.log.debug('last words')\nraise pulumi.RunError('no further')\n")
    said = project.pulumi("preview", "--debug", code=1)

    assert "last words" in said
    assert "no further" in said


def test_debug_lines_of_a_slow_program(project: Project) -> None:
    """Lines do not wait for the program to go on: they tell where one hangs."""
    project.write(
        "import time, pulumi\n"
        "pulumi.log.debug('before the wall')\n"
        "time.sleep(1.5)\n"
        "print('behind the wall', flush=True)\n"
        "time.sleep(0.5)\n"
    )
    said = project.pulumi("preview", "--debug").partition("Diagnostics:")[2]

    assert said.index("before the wall") < said.index("behind the wall")
