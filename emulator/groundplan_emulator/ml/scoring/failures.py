# SPDX-License-Identifier: Apache-2.0
"""How a deployment fails: Azure's codes, and what a scoring process's last lines say about why it ended.

Codes: Microsoft's "Troubleshooting online endpoints deployment". A managed deployment says ResourceNotReady for whatever ends its
container; one on Kubernetes has codes of its own for scripts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

_EXCEPTION: Final = re.compile(r"^([A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Warning)|[A-Z]\w+)(: .*)?$")
_OWN: Final = ("azureml_inference_server_http.", "gunicorn.")
_FATAL: Final = re.compile(r" E \[\d+\] azmlinfsrv\S* - (?:Encountered Exception )?Traceback ")
_MISSING: Final = re.compile(r"No module named '([^']+)'")


class DeploymentError(Exception):
    """A deployment that did not come up. `advice`: what to do, in a sentence; `inner`: the script's part, a code and a message."""

    def __init__(self, code: str, message: str, advice: str = "", inner: tuple[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.advice = advice
        self.inner = inner

    def error(self) -> dict[str, Any]:
        """What polling answers."""
        message = " ".join(part for part in (str(self), self.advice) if part)
        inner = self.inner or (self.code, message)
        return {"code": self.code, "message": message, "details": [{"code": inner[0], "message": inner[1]}]}


def of_container(kubernetes: bool, lines: Sequence[str], ended: str, environment: str) -> DeploymentError:
    """What the last lines of a process that did not come up say. `ended`: how it ended, in words."""
    code, what = _read(lines)
    why = _exception(lines)
    inner = f"{what}: {why}" if why else what
    advice = "The deployment's logs (get-logs) have all of it."
    if (missing := _MISSING.search(why)) is not None:
        where = f"environment '{environment}'" if environment else "the deployment's environment"
        advice = f"Add what '{missing[1].partition('.')[0]}' comes from to the conda file of {where}. {advice}"
    elif "No such file or directory" in why and code == "UserScriptImportError":
        advice = f"Correct scoring_script: it is the path of a file inside the folder that code_configuration.code names. {advice}"
    elif "No such file or directory" in why and code == "UserScriptInitFailed":
        advice = "The deployment's logs (get-logs) have all of it, and a list of what is in AZUREML_MODEL_DIR."
    if kubernetes:
        return DeploymentError(code, f"The container {ended}. {inner}.", advice)
    message = f"User container has crashed or terminated: it {ended}. {inner}."
    return DeploymentError("ResourceNotReady", message, advice, (code, inner))


def _read(lines: Sequence[str]) -> tuple[str, str]:
    text = "\n".join(lines)
    if "User's init function failed" in text:
        return "UserScriptInitFailed", "init() of the scoring script failed"
    if "function defined" in text or ("run() " in text and "UserScriptError" in text):
        return "UserScriptFunctionNotFound", "the scoring script has no init() or no run() that can be called"
    if "UserScriptImportException" in text or "No such file or directory." in text:
        return "UserScriptImportError", "the scoring script could not be imported"
    return "KubernetesCrashLoopBackOff", "the scoring server did not start"


def _exception(lines: Sequence[str]) -> str:
    """The last line of the first traceback, what the script itself raised; earlier ones than the one that ended the server do not count."""
    inside = False
    fatal = [at for at, line in enumerate(lines) if _FATAL.search(line)]
    for line in lines[fatal[-1] :] if fatal else lines:
        if line.rstrip().endswith("Traceback (most recent call last):"):
            inside = True
        elif inside and line and not line.startswith((" ", "\t")):
            match = _EXCEPTION.match(line.strip())
            if match and not line.startswith(_OWN):
                return line.strip()
            inside = False
    return ""
