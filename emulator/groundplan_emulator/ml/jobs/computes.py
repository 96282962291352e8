# SPDX-License-Identifier: Apache-2.0
"""Which compute a job names."""

from __future__ import annotations

import re

_HOLDER = re.compile(r".*?/providers/microsoft\.machinelearningservices/workspaces/[^/]+", re.IGNORECASE)


def id_of(job_id: str, given: object) -> str | None:
    """The ARM id of the compute that a job names, by id or by name; None for serverless compute."""
    text = str(given or "").strip().removeprefix("azureml:")
    if not text or text.lower() == "serverless" or text.lower().endswith("/computes/serverless"):
        return None
    match = _HOLDER.match(job_id)
    return text if text.startswith("/") or match is None else f"{match[0]}/computes/{text}"
