# SPDX-License-Identifier: Apache-2.0
"""Virtual machine sizes that the service offers: cores, memory, GPUs and quota family.

Source: a public catalog of Azure's retail prices (snapshot of May 2026) for single sizes, Microsoft's "Sizes for virtual machines" for
the series, where memory per core is constant. Names of GPU families as in SkyPilot's Azure catalog; Azure ignores their case.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from groundplan_emulator.arm.errors import bad_request

CORES = (2, 4, 8, 16, 32, 48, 64)
SERIES = (
    ("Standard_D{}_v3", 4, "standardDv3Family"),
    ("Standard_D{}s_v3", 4, "standardDSv3Family"),
    ("Standard_D{}_v4", 4, "standardDv4Family"),
    ("Standard_D{}s_v4", 4, "standardDSv4Family"),
    ("Standard_D{}ds_v4", 4, "standardDDSv4Family"),
    ("Standard_D{}as_v4", 4, "standardDASv4Family"),
    ("Standard_D{}s_v5", 4, "standardDSv5Family"),
    ("Standard_D{}ds_v5", 4, "standardDDSv5Family"),
    ("Standard_D{}as_v5", 4, "standardDASv5Family"),
    ("Standard_D{}ads_v5", 4, "standardDADSv5Family"),
    ("Standard_E{}s_v3", 8, "standardESv3Family"),
    ("Standard_E{}s_v4", 8, "standardESv4Family"),
    ("Standard_E{}ds_v4", 8, "standardEDSv4Family"),
    ("Standard_E{}as_v4", 8, "standardEASv4Family"),
    ("Standard_E{}s_v5", 8, "standardESv5Family"),
    ("Standard_E{}ds_v5", 8, "standardEDSv5Family"),
    ("Standard_E{}as_v5", 8, "standardEASv5Family"),
    ("Standard_F{}s_v2", 2, "standardFSv2Family"),
    ("Standard_L{}s_v3", 8, "standardLSv3Family"),
)
# name, cores, memory in GiB, GPUs, quota family
SINGLE = """
Standard_DS1_v2 1 3.5 0 standardDSv2Family
Standard_DS2_v2 2 7 0 standardDSv2Family
Standard_DS3_v2 4 14 0 standardDSv2Family
Standard_DS4_v2 8 28 0 standardDSv2Family
Standard_DS5_v2 16 56 0 standardDSv2Family
Standard_DS11_v2 2 14 0 standardDSv2Family
Standard_DS12_v2 4 28 0 standardDSv2Family
Standard_DS13_v2 8 56 0 standardDSv2Family
Standard_DS14_v2 16 112 0 standardDSv2Family
Standard_D1_v2 1 3.5 0 standardDv2Family
Standard_D2_v2 2 7 0 standardDv2Family
Standard_D3_v2 4 14 0 standardDv2Family
Standard_D4_v2 8 28 0 standardDv2Family
Standard_D11_v2 2 14 0 standardDv2Family
Standard_D12_v2 4 28 0 standardDv2Family
Standard_D13_v2 8 56 0 standardDv2Family
Standard_D14_v2 16 112 0 standardDv2Family
Standard_F72s_v2 72 144 0 standardFSv2Family
Standard_B2ms 2 8 0 standardBSFamily
Standard_B4ms 4 16 0 standardBSFamily
Standard_B8ms 8 32 0 standardBSFamily
Standard_M64s 64 1024 0 standardMSFamily
Standard_NC6s_v3 6 112 1 standardNCSv3Family
Standard_NC12s_v3 12 224 2 standardNCSv3Family
Standard_NC24s_v3 24 448 4 standardNCSv3Family
Standard_NC24rs_v3 24 448 4 standardNCSv3Family
Standard_NC4as_T4_v3 4 28 1 StandardNCASv3_T4Family
Standard_NC8as_T4_v3 8 56 1 StandardNCASv3_T4Family
Standard_NC16as_T4_v3 16 110 1 StandardNCASv3_T4Family
Standard_NC64as_T4_v3 64 440 4 StandardNCASv3_T4Family
Standard_NC24ads_A100_v4 24 220 1 StandardNCADSA100v4Family
Standard_NC48ads_A100_v4 48 440 2 StandardNCADSA100v4Family
Standard_NC96ads_A100_v4 96 880 4 StandardNCADSA100v4Family
Standard_NC40ads_H100_v5 40 320 1 StandardNCadsH100v5Family
Standard_NC80adis_H100_v5 80 640 2 StandardNCadsH100v5Family
Standard_NCC40ads_H100_v5 40 320 1 StandardNCCadsH100v5Family
Standard_ND40rs_v2 40 672 8 standardNDSv2Family
Standard_ND96asr_v4 96 900 8 StandardNDASv4_A100Family
Standard_ND96amsr_A100_v4 96 1800 8 standardNDAMSv4_A100Family
Standard_ND96isr_H100_v5 96 1900 8 standardNDSH100v5Family
Standard_ND96isr_H200_v5 96 1850 8 standardNDISRH200V5Family
Standard_ND96isr_MI300X_v5 96 1850 8 standardNDISv5MI300XFamily
Standard_NV6ads_A10_v5 6 55 1 StandardNVADSA10v5Family
Standard_NV12ads_A10_v5 12 110 1 StandardNVADSA10v5Family
Standard_NV18ads_A10_v5 18 220 1 StandardNVADSA10v5Family
Standard_NV36ads_A10_v5 36 440 1 StandardNVADSA10v5Family
Standard_NV72ads_A10_v5 72 880 2 StandardNVADSA10v5Family
Standard_NV12s_v3 12 112 1 standardNVSv3Family
Standard_NV24s_v3 24 224 2 standardNVSv3Family
"""


@dataclass(frozen=True, slots=True)
class VmSize:
    """A size. `memory` in GiB."""

    name: str
    cores: int
    memory: float
    gpus: int
    family: str

    @property
    def exempt(self) -> bool:
        """Whether managed endpoints reserve no fifth of it for upgrades ("Managed online endpoints SKU list", Skip 20% Reservation)."""
        return self.name.startswith(("Standard_ND", "Standard_NCC")) or self.name.endswith(("_A100_v4", "_H100_v5"))


@cache
def sizes() -> dict[str, VmSize]:
    """Every size by lower-case name."""
    return {size.name.lower(): size for size in (*_series(), *_single())}


def _series() -> Iterator[VmSize]:
    for pattern, ratio, family in SERIES:
        for cores in CORES:
            yield VmSize(pattern.format(cores), cores, float(cores * ratio), 0, family)


def _single() -> Iterator[VmSize]:
    for line in SINGLE.strip().splitlines():
        name, cores, memory, gpus, family = line.split()
        yield VmSize(name, int(cores), float(memory), int(gpus), family)


def check(target: str, name: str) -> VmSize:
    """The size of a name, whatever its case; 400 with close names when it is unknown."""
    found = sizes().get(name.lower())
    if found is not None:
        return found
    close = difflib.get_close_matches(name.lower(), sizes(), 3)
    hint = f" Did you mean {' or '.join(sizes()[key].name for key in close)}?" if close else ""
    raise bad_request("InvalidVmSize", f"VM size '{name}' is not supported.{hint}", target=target)
