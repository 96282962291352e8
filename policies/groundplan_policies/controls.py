# SPDX-License-Identifier: Apache-2.0
"""The catalog of controls: which published checks and framework controls each stands for, by id and version."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

FRAMEWORKS: Mapping[str, str] = {
    "mcsb_v1": "Microsoft cloud security benchmark v1",
    "mcsb_v2": "Microsoft cloud security benchmark v2 (preview)",
    "cis_azure_2.0.0": "CIS Microsoft Azure Foundations Benchmark 2.0.0",
    "cis_azure_2.1.0": "CIS Microsoft Azure Foundations Benchmark 2.1.0",
    "cis_azure_3.0.0": "CIS Microsoft Azure Foundations Benchmark 3.0.0",
    "nist_800_53_r5": "NIST SP 800-53 Rev. 5",
    "iso_27001_2013": "ISO/IEC 27001:2013",
    "iso_27002_2022": "ISO/IEC 27002:2022",
    "pci_dss_4.0.1": "PCI DSS 4.0.1",
    "eu_ai_act_2024": "EU AI Act (2024)",
}
"""Names of the frameworks by key; the version is part of both."""


@dataclass(frozen=True, slots=True)
class Control:
    """What has to hold, and who else says so.

    `phase`: when it can be decided: "preview" (one resource), "stack" (several), "deployed" (the live state), "cost" (prices and quotas).
    `azure_policy`: version by GUID of the built-in definition. `checkov`, `psrule`: ids. `maps`: framework controls by framework.
    """

    key: str
    phase: str
    azure_policy: Mapping[str, str]
    checkov: Sequence[str]
    psrule: Sequence[str]
    maps: Mapping[str, Sequence[str]]

    def sources(self) -> list[str]:
        """Every source as a text: `Azure Policy 438c38d2-... (2.0.1)`, `CKV_AZURE_144`, `Azure.ML.PublicAccess`."""
        return [
            *(f"Azure Policy {guid} ({version})" for guid, version in self.azure_policy.items()),
            *self.checkov,
            *self.psrule,
        ]


@cache
def load() -> Mapping[str, Control]:
    """All controls by key."""
    folder = resources.files("groundplan_policies") / "data" / "controls"
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".json")), key=lambda each: each.name)
    return {
        key: Control(
            key,
            row["phase"],
            row.get("azure_policy", {}),
            row.get("checkov", ()),
            row.get("psrule", ()),
            row.get("maps", {}),
        )
        for file in files
        for key, row in json.loads(file.read_text(encoding="utf-8"))["controls"].items()
    }
