# SPDX-License-Identifier: Apache-2.0
"""Environments made with uv: what conda files mean, what is made once, what cannot be made, what a crash leaves."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest

from groundplan_emulator.ml import environments
from groundplan_emulator.ml.environments import Needs, UnsolvableError, making, needs_of, needs_of_conda, surroundings
from groundplan_emulator.store import Resource

pytestmark = pytest.mark.azure_assumed
SMALL = "iniconfig==2.0.0"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own; uv's own cache stays where it is."""
    uv_cache = os.environ.get("UV_CACHE_DIR") or str(Path.home() / ".cache" / "uv")
    monkeypatch.setenv("UV_CACHE_DIR", uv_cache)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return making.folder()


def prepare(needs: Needs, *extra: str) -> tuple[Path, list[str]]:
    said: list[str] = []
    return asyncio.run(asyncio.wait_for(environments.prepare(needs, extra, said.append), 120)), said


MEANINGS = {
    "numpy": "numpy",
    "numpy=1.26": "numpy==1.26.*",
    "numpy=1.26.*": "numpy==1.26.*",
    "numpy==1.26.4": "numpy==1.26.4",
    "numpy 1.26.4": "numpy==1.26.4",
    "numpy=1.26.4=py311h64a7726_0": "numpy==1.26.4",
    "numpy 1.26.4 py311h64a7726_0": "numpy==1.26.4",
    "numpy>=1.20,<2": "numpy>=1.20,<2",
    "numpy >=1.20": "numpy>=1.20",
    "numpy=1.25|1.26": "numpy",
    "conda-forge::scikit-learn=1.4": "scikit-learn==1.4.*",
    "pytorch=2.3": "torch==2.3.*",
    "py-xgboost": "xgboost",
    "Pandas[excel]>=2": "pandas[excel]>=2",
    "pip=24": "pip==24.*",
}


@pytest.mark.parametrize("spec", MEANINGS)
def test_what_a_conda_package_means(spec: str):
    assert needs_of_conda(f"dependencies:\n- '{spec}'").packages == (MEANINGS[spec],)


@pytest.mark.parametrize(
    ("spec", "python"),
    [("python=3.10", "3.10"), ("python==3.10.4", "3.10.4"), ("python>=3.9,<3.12", ">=3.9,<3.12"), ("python", "")],
)
def test_which_python(spec: str, python: str):
    assert needs_of_conda(f"dependencies: ['{spec}']").python == python


def test_a_whole_conda_file():
    text = """
        name: train
        channels: [conda-forge]
        dependencies:
        - python=3.11
        - cudatoolkit=11.8
        - libgcc-ng
        - numpy=1.26
        - pip
        - pip:
          - --extra-index-url https://packages.example.org/simple
          - mlflow==2.14  # tracking
          - numpy
    """

    needs = needs_of_conda(textwrap.dedent(text))

    assert needs == Needs(
        "3.11",
        ("numpy==1.26.*", "pip", "--extra-index-url https://packages.example.org/simple", "mlflow==2.14", "numpy"),
        ("cudatoolkit=11.8", "libgcc-ng"),
    )
    assert needs.names == {"numpy", "pip", "mlflow"}


def test_no_conda_file_needs_nothing():
    assert needs_of(None) == Needs()
    assert needs_of(Resource("/e", "environments/versions", "1", {"properties": {"image": "i"}})) == Needs()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [", "is no YAML"),
        ("just words", "must be a mapping"),
        ("dependencies: numpy", "must be a list"),
        ("dependencies: [{npm: [left-pad]}]", "have 'npm'"),
        ("dependencies: [{pip: ['--trusted-host example.org']}]", "option '--trusted-host example.org'"),
        ("dependencies: ['!!']", "'!!' in the conda file's dependencies is no package"),
    ],
)
def test_conda_files_that_are_refused(text: str, says: str):
    with pytest.raises(UnsolvableError, match=says):
        needs_of_conda(text)


def test_an_environment_is_made_once(cache: Path):
    first, said = prepare(Needs(packages=(SMALL,)))
    again, silence = prepare(Needs(packages=(SMALL,)))
    other, _ = prepare(Needs())

    assert subprocess.run([first, "-c", "import iniconfig"], check=False).returncode == 0
    assert subprocess.run([other, "-c", "import iniconfig"], check=False, stderr=subprocess.DEVNULL).returncode == 1
    assert (again, silence) == (first, [])
    assert "Making an environment" in said[0]
    assert "is ready after" in said[-1]
    assert not list(cache.glob("*.new"))


def test_what_conda_puts_beside_every_python(cache: Path):
    interpreter, _ = prepare(Needs(packages=(SMALL,)))
    chosen, _ = prepare(Needs(packages=(SMALL, "setuptools==70.0.0")))

    assert subprocess.run([interpreter, "-W", "ignore", "-c", "import pkg_resources"], check=False).returncode == 0
    asked = "import importlib.metadata as m; print(m.version('setuptools'))"
    assert subprocess.check_output([chosen, "-c", asked], text=True).strip() == "70.0.0"


def test_requirements_of_the_user_win(cache: Path):
    interpreter, _ = prepare(Needs(packages=(SMALL,)), "iniconfig==2.1.0", "Iniconfig>=2.1")

    asked = "import importlib.metadata as m; print(m.version('iniconfig'))"
    assert subprocess.check_output([interpreter, "-c", asked], text=True).strip() == "2.0.0"


def test_one_that_cannot_be_made_says_why_and_leaves_nothing(cache: Path):
    with pytest.raises(UnsolvableError, match=r"no version of iniconfig==0\.0\.77") as caught:
        prepare(Needs(packages=("iniconfig==0.0.77",)))

    assert not any(each.is_dir() for each in cache.iterdir())
    assert "×" not in str(caught.value)


def test_an_interpreter_that_has_gone_is_made_again(cache: Path):
    first, _ = prepare(Needs())
    first.unlink()

    again, said = prepare(Needs())

    assert again.exists()
    assert "Making an environment" in said[0]


def test_a_python_that_cannot_be_had_is_replaced_by_ours(cache: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")

    interpreter, said = prepare(Needs(python="3.99"))

    assert "Python 3.99 is not on this machine and could not be downloaded" in said[0]
    version = subprocess.check_output([interpreter, "-c", "import sys; print(*sys.version_info[:2])"], text=True)
    assert version.split() == [str(each) for each in sys.version_info[:2]]


def test_what_cannot_be_made_for_a_python_in_place_of_another_says_so(cache: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")

    with pytest.raises(
        UnsolvableError, match=r"(?s)^Python 3\.99 is not on this machine.*is used instead; .*iniconfig==0\.0\.77"
    ):
        prepare(Needs(python="3.99", packages=("iniconfig==0.0.77",)))


@pytest.mark.parametrize("python", ["three", "3.x.y"])
def test_what_is_no_version_of_python(cache: Path, python: str):
    with pytest.raises(UnsolvableError, match="no version of Python"):
        prepare(Needs(python=python))


def test_two_at_the_same_time_make_one(cache: Path):
    async def both() -> tuple[list[str], set[Path]]:
        said: list[str] = []
        made = await asyncio.gather(
            *(environments.prepare(Needs(packages=(SMALL,)), (), said.append) for _ in range(2))
        )
        return said, set(made)

    said, made = asyncio.run(asyncio.wait_for(both(), 120))

    assert len(made) == 1
    assert sum("Making an environment" in line for line in said) == 1
    assert "Waiting for the same environment, which is being made already" in said


def test_a_crash_while_it_is_made_leaves_nothing_half_made(cache: Path):
    program = (
        "import asyncio, sys\nfrom groundplan_emulator.ml.environments import Needs, prepare\n"
        "asyncio.run(prepare(Needs(packages=('iniconfig==2.0.0',)), (), lambda line: print(line, flush=True)))"
    )
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    child.stdout.readline()
    uv = psutil.Process(child.pid).children(recursive=True)
    os.kill(child.pid, signal.SIGKILL)
    child.wait(10)
    psutil.wait_procs(uv, 10)

    interpreter, _ = prepare(Needs(packages=(SMALL,)))

    assert subprocess.run([interpreter, "-c", "import iniconfig"], check=False).returncode == 0
    assert not list(cache.glob("*.new"))


def test_uv_goes_out_without_what_points_at_the_emulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("bundle.pem", "ca.pem"):
        (tmp_path / name).touch()
    system = tmp_path / "system.pem"
    system.touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "bundle.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(system))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:18080")
    monkeypatch.setenv("UV_INDEX_URL", "https://packages.example.org/simple")

    variables = surroundings.of_uv()

    assert "SSL_CERT_FILE" not in variables
    assert "HTTPS_PROXY" not in variables
    assert variables["REQUESTS_CA_BUNDLE"] == str(system)
    assert variables["UV_SYSTEM_CERTS"] == "1"
    assert variables["UV_INDEX_URL"] == "https://packages.example.org/simple"

    monkeypatch.setenv("SSL_CERT_FILE", str(system))
    assert surroundings.of_uv()["HTTPS_PROXY"] == "http://127.0.0.1:18080"


def test_addresses_are_told_without_their_passwords():
    said = surroundings.without_secrets("looked at https://me:secret@packages.example.org/simple")

    assert said == "looked at https://packages.example.org/simple"
