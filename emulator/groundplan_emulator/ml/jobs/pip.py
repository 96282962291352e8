# SPDX-License-Identifier: Apache-2.0
"""`pip` for a job's own command: what it installs goes into the job's folder, and away with it.

The environment's interpreter is shared by everything that has the same requirements, and another `pip` on the search path would change
what does not belong to the job. So `pip` and `python -m pip` mean uv here, with a folder of the job's own as the target.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from groundplan_emulator.ml.environments import surroundings

_NAMES: Final = ("pip", "pip3")
_OF_UV: Final = ("UV_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "SSL_CERT_FILE")
_SCRIPT: Final = """\
import json, os, sys
given = json.loads({given})
said = [each for each in sys.argv[1:] if each != "--user"]
command = [given["uv"], "pip", *said[:1]]
if said[:1] and said[0] in ("install", "uninstall", "freeze", "list", "show", "check"):
    command += ["--python", given["python"]]
if said[:1] == ["install"]:
    command += ["--target", given["target"]]
left_out = ("PYTHONPATH", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
kept = {{name: value for name, value in os.environ.items() if name not in left_out}}
os.execve(command[0], command + said[1:], {{**kept, **given["environment"]}})
"""


def lay_out(python: Path, folder: Path) -> dict[str, str]:
    """Write the scripts into a folder; `PYTHONPATH`, and as `PATH` what goes in front of it."""
    import uv

    target, scripts, shadow = folder / "site-packages", folder / "bin", folder / "shadow"
    environment = {
        name: value
        for name, value in surroundings.of_uv().items()
        if name.upper().startswith(_OF_UV) or name == "NO_COLOR"
    }
    given = {"uv": uv.find_uv_bin(), "python": str(python), "target": str(target), "environment": environment}
    main = shadow / "pip" / "__main__.py"
    for each in (target, scripts, main.parent):
        each.mkdir(parents=True, exist_ok=True)
    _write(main, _SCRIPT.format(given=repr(json.dumps(given))))
    _write(main.with_name("__init__.py"), "")
    for name in _NAMES:
        _write(scripts / name, f'#!/bin/sh\nexec "{python}" -I "{main}" "$@"\n')
    # in this order: pip may install a pip, which is still none for the job
    return {
        "PATH": os.pathsep.join((str(scripts), str(python.parent), str(target / "bin"))),
        "PYTHONPATH": os.pathsep.join((str(shadow), str(target))),
    }


def _write(path: Path, text: str) -> None:
    # what uv is told may have credentials of package indexes in it
    path.touch(mode=0o700)
    path.write_text(text, encoding="utf-8")
