# SPDX-License-Identifier: Apache-2.0
"""The shortcuts through the SDK do what the SDK does, and leave alone an SDK that they do not know."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import resource, settings, stack

from groundplan_engine.language_host import sdk_shortcuts
from tests.engine.conftest import Project

FUNCTIONS = [function for _, function in sdk_shortcuts.SHORTCUTS]
NAMES = st.text(min_size=1, max_size=12).filter(lambda text: "::" not in text)
PLACES = "file:///home/me/platform"


@pytest.fixture
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives the SDK its own functions back."""
    for name, function in sdk_shortcuts.SHORTCUTS:
        module = sys.modules[name]
        monkeypatch.setattr(module, function, getattr(module, function))


@pytest.mark.usefixtures("as_it_was")
def test_all_are_taken() -> None:
    """The SDK that is installed is one that each shortcut was written against."""
    assert sdk_shortcuts.take(None) == FUNCTIONS


@pytest.mark.usefixtures("as_it_was")
def test_none_are_taken() -> None:
    """Where they are not wanted."""
    before = resource.create_urn
    assert sdk_shortcuts.take("off") == []
    assert resource.create_urn is before


def test_another_text(tmp_path: Path) -> None:
    """A changed word in a function is another function; a change elsewhere in the file is not."""
    text = Path(resource.__file__).read_text()
    known = sdk_shortcuts.digest(resource.__file__, "create_urn")
    (tmp_path / "before.py").write_text("import this\n" + text)
    (tmp_path / "within.py").write_text(text.replace('u.rfind("::")', 'u.find("::")'))

    assert known is not None
    assert sdk_shortcuts.digest(str(tmp_path / "before.py"), "create_urn") == known
    assert sdk_shortcuts.digest(str(tmp_path / "within.py"), "create_urn") not in (known, None)
    assert sdk_shortcuts.digest(resource.__file__, "create_gold") is None
    assert sdk_shortcuts.digest(str(tmp_path / "none.py"), "create_urn") is None


def urn(create_urn: Callable[..., Any], *arguments: Any) -> str:
    """What it comes to."""

    async def main() -> str:
        return await create_urn(*arguments).future()

    return asyncio.run(main())


@given(NAMES, NAMES, st.none() | st.builds("urn:pulumi:a::b::{}::{}".format, NAMES, NAMES), NAMES, NAMES)
def test_urns(name: str, kind: str, parent: str | None, project: str, of_stack: str) -> None:
    """Those of the SDK, for any parts."""
    shorter = sdk_shortcuts.urn_of_known_parts(resource.create_urn)
    assert urn(shorter, name, kind, parent, project, of_stack) == urn(
        resource.create_urn, name, kind, parent, project, of_stack
    )


def test_urns_of_the_running_stack() -> None:
    """Without a project and a stack, those of the program."""
    shorter = sdk_shortcuts.urn_of_known_parts(resource.create_urn)
    for parent in (None, "", "urn:pulumi:a::b::c::d"):
        assert urn(shorter, "name", "kind", parent) == urn(resource.create_urn, "name", "kind", parent)


def test_urns_of_outputs() -> None:
    """Parts that are not known yet go the SDK's own way."""

    async def main(create_urn: Callable[..., Any]) -> str:
        return await create_urn(pulumi.Output.from_input("name"), "kind", "urn:pulumi:a::b::c::d").future()

    shorter = sdk_shortcuts.urn_of_known_parts(resource.create_urn)
    assert asyncio.run(main(shorter)) == asyncio.run(main(resource.create_urn)) == "urn:pulumi:a::b::c$kind::name"


class Base:
    """Stands for the SDK's Resource."""

    def __init__(self, tell: Callable[[], Any]) -> None:
        self.told = tell()


class Custom(Base):
    """Stands for the SDK's CustomResource."""

    def __init__(self, tell: Callable[[], Any]) -> None:
        super().__init__(tell)


class Concrete(Custom):
    """Stands for a provider's resource."""

    def __init__(self, tell: Callable[[], Any]) -> None:
        self._internal_init(tell)

    def _internal_init(self, tell: Callable[[], Any]) -> None:
        super().__init__(tell)


def test_stack_traces() -> None:
    """Those of the SDK, frame by frame: of a resource in a function, of one in another's constructor, and of none."""
    original: Any = vars(resource)["_get_stack_trace"]
    shorter = sdk_shortcuts.frames_without_their_text(original)

    def make(tell: Callable[[], Any]) -> Any:
        return Concrete(tell).told

    for _ in range(2):
        first, second = (make(tell) for tell in (original, shorter))
        assert first == second
        assert first.frames[0].pc.uri == Path(__file__).as_uri()
    alone = [tell() for tell in (original, shorter)]
    assert [list(each.frames) for each in alone] == [[], []]


def test_stack_traces_of_code_without_a_file() -> None:
    """A frame that has no place stays a frame."""
    original: Any = vars(resource)["_get_stack_trace"]
    shorter = sdk_shortcuts.frames_without_their_text(original)
    names: dict[str, Any] = {"Concrete": Concrete}
    exec("def make(tell):\n    return Concrete(tell).told\n", names)  # noqa: S102  # what a notebook does
    first, second = (names["make"](tell) for tell in (original, shorter))
    assert first == second
    assert not first.frames[0].HasField("pc")


@pytest.mark.timeout(60)
def test_a_failure_ends_the_wait() -> None:
    """One output that fails is told at once, while another will never be there."""
    shorter = sdk_shortcuts.wait_once_for_all(stack.wait_for_rpcs)
    shared: Any = vars(settings)["SETTINGS"]

    async def fail() -> None:
        await asyncio.sleep(0.01)
        raise LookupError("no such thing")

    async def main() -> None:
        shared.outputs.clear()
        never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        shared.outputs.update({never, asyncio.ensure_future(fail())})
        try:
            with pytest.raises(LookupError):
                await shorter()
        finally:
            shared.outputs.clear()

    asyncio.run(main())


def test_waiting_for_outputs_that_come_of_outputs(project: Project) -> None:
    """A program ends when all of its outputs are there, those that others make included; a failing one fails it."""
    project.write(
        "import asyncio, pulumi\n"
        "async def later(value):\n"
        "    await asyncio.sleep(0.05)\n"
        "    return value\n"
        "def deeper(value):\n"
        "    if value:\n"
        "        pulumi.Output.from_input(later(value - 1)).apply(deeper)\n"
        "    else:\n"
        "        print('the last one')\n"
        "pulumi.Output.from_input(later(5)).apply(deeper)\n"
    )
    assert "the last one" in project.pulumi("preview")
    project.write("import pulumi\npulumi.Output.from_input(1).apply(lambda value: value / 0)\n")
    assert "ZeroDivisionError" in project.pulumi("preview", code=1)
