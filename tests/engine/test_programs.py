# SPDX-License-Identifier: Apache-2.0
"""Programs run by the real engine through our language host."""

import json

from tests.engine.conftest import Project

PROGRAM = """
import pulumi
config = pulumi.Config()

class Room(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("house:index:Room", name, None, opts)
        self.size = pulumi.Output.from_input(len(name)).apply(lambda n: n * 2)
        self.register_outputs({"size": self.size})

rooms = [Room(name) for name in config.require_object("rooms")]
print("built", len(rooms), "rooms")
pulumi.export("sizes", [room.size for room in rooms])
pulumi.export("key", config.require_secret("key"))
pulumi.export("facts", {
    "project": pulumi.get_project(), "stack": pulumi.get_stack(), "organization": pulumi.get_organization(),
    "dry_run": pulumi.runtime.is_dry_run(), "root": pulumi.runtime.get_root_directory(),
})
"""


def test_life_of_a_stack(project: Project) -> None:
    """A stack goes up, stays as it is, shows a change, refreshes and goes down."""
    project.write(PROGRAM)
    project.pulumi("config", "set", "--path", "rooms[0]", "hall")
    project.pulumi("config", "set", "--secret", "key", "sesame")

    assert "+ 2 to create" in project.pulumi("preview")
    up = project.pulumi("up", "--yes", "--skip-preview")
    assert "+ 2 created" in up
    assert "built 1 rooms" in up
    assert "using pulumi-language-python" not in up  # the engine's warning about a stray language host

    assert "2 unchanged" in project.pulumi("preview", "--expect-no-changes")
    project.pulumi("config", "set", "--path", "rooms[1]", "attic")
    assert "+ 1 to create" in project.pulumi("preview")

    assert "2 unchanged" in project.pulumi("refresh", "--yes")
    assert "- 2 deleted" in project.pulumi("destroy", "--yes")
    assert json.loads(project.pulumi("stack", "output", "--json")) == {}


def test_program_knows_where_it_runs(project: Project) -> None:
    """Configuration, secrets, project, stack, organization and folder arrive as the official host passes them."""
    project.write(PROGRAM)
    project.pulumi("config", "set", "--path", "rooms[0]", "hall")
    project.pulumi("config", "set", "--secret", "key", "sesame")
    said = project.pulumi("up", "--yes", "--skip-preview")
    assert "sesame" not in said
    state = project.pulumi("stack", "export")
    assert "sesame" not in state
    outputs = json.loads(project.pulumi("stack", "output", "--json"))
    assert outputs["key"] == "[secret]"
    assert outputs["sizes"] == [8]
    assert outputs["facts"] == {
        "project": "tiny",
        "stack": "dev",
        "organization": "organization",
        "dry_run": False,
        "root": str(project.folder),
    }
    assert json.loads(project.pulumi("stack", "output", "--json", "--show-secrets"))["key"] == "sesame"


def test_stack_reference(project: Project) -> None:
    """One stack reads another's outputs."""
    project.write('import pulumi\npulumi.export("place", "north")\n')
    project.pulumi("up", "--yes", "--skip-preview")
    project.env["PULUMI_STACK"] = "second"
    project.pulumi("stack", "init", "second")
    project.write(
        "import pulumi\n"
        'other = pulumi.StackReference("organization/tiny/dev")\n'
        'pulumi.export("place", other.require_output("place"))\n'
    )
    project.pulumi("up", "--yes", "--skip-preview")
    assert json.loads(project.pulumi("stack", "output", "--json")) == {"place": "north"}


def test_main_is_a_file_or_a_folder(project: Project) -> None:
    """`main` may name either, and the modules beside the program are importable."""
    program = 'import pulumi, sibling\npulumi.export("sibling", sibling.NAME)\n'
    (project.folder / "infra").mkdir()
    project.write(program, "infra/app.py")
    project.write(program, "infra/__main__.py")
    project.write('NAME = "here"\n', "infra/sibling.py")
    for main in ("infra/app.py", "infra"):
        project.configure(f"name: tiny\nruntime: python\nmain: {main}\n")
        assert 'sibling: "here"' in project.pulumi("preview")


def test_own_modules_do_not_hide_the_programs(project: Project) -> None:
    """A program may call its modules as the language host calls its own, or as its dependencies are called."""
    for name in ("options", "program", "grpc", "filelock"):
        project.write(f'WHO = "the program\'s {name}"\n', f"{name}.py")
    project.write('import pulumi, options, program\npulumi.export("who", [options.WHO, program.WHO])\n')
    assert "the program's options" in project.pulumi("preview")


def test_async_program(project: Project) -> None:
    """`pulumi.run` with a coroutine works."""
    project.write(
        "import asyncio, pulumi\n"
        "async def main():\n    await asyncio.sleep(0)\n    return {'answer': 42}\n"
        "pulumi.run(main)\n"
    )
    assert "answer: 42" in project.pulumi("preview")


def test_about(project: Project) -> None:
    """`pulumi about` names the Python and its direct dependencies."""
    project.write("import pulumi\n")
    about = json.loads(project.pulumi("about", "--json").split("warning:")[0])
    assert about["runtime"]["language"] == "python"
    assert about["runtime"]["executable"] == project.env["PULUMI_PYTHON_CMD"]
    names = {dependency["name"] for dependency in about["dependencies"]}
    assert "groundplan" in names
    assert "pulumi" not in names  # others ask for it
    transitive = json.loads(project.pulumi("about", "--json", "--transitive").split("warning:")[0])
    assert {"pulumi", "grpcio"} <= {dependency["name"] for dependency in transitive["dependencies"]}


DYNAMIC = """
import pulumi, sys
from pulumi import dynamic

class Notes(dynamic.ResourceProvider):
    def create(self, props):
        return dynamic.CreateResult("note-1", {**props, "python": sys.prefix})

class Note(dynamic.Resource):
    python: pulumi.Output[str]
    def __init__(self, name, text):
        super().__init__(Notes(), name, {"text": text, "python": None})

pulumi.export("same", Note("a", "hello").python.apply(lambda prefix: prefix == sys.prefix))
"""


def test_dynamic_provider(project: Project) -> None:
    """`pulumi.dynamic` works, on the Python that runs the program."""
    project.write(DYNAMIC)
    said = project.pulumi("up", "--yes", "--skip-preview")
    assert "+ 2 created" in said
    assert "same: true" in said
    assert "Traceback" not in project.pulumi("destroy", "--yes", "--skip-preview")
