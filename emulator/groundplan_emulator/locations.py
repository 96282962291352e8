# SPDX-License-Identifier: Apache-2.0
"""Azure's regions: programmatic names and display names. Source: the region list of Microsoft's documentation."""

from __future__ import annotations

DISPLAY_NAMES: dict[str, str] = {
    name.replace(" ", "").lower(): name
    for name in (
        "Australia Central",
        "Australia East",
        "Australia Southeast",
        "Brazil South",
        "Canada Central",
        "Canada East",
        "Central India",
        "Central US",
        "East Asia",
        "East US",
        "East US 2",
        "France Central",
        "Germany West Central",
        "Israel Central",
        "Italy North",
        "Japan East",
        "Japan West",
        "Korea Central",
        "Korea South",
        "Malaysia West",
        "Mexico Central",
        "New Zealand North",
        "North Central US",
        "North Europe",
        "Norway East",
        "Poland Central",
        "Qatar Central",
        "South Africa North",
        "South Central US",
        "South India",
        "Southeast Asia",
        "Spain Central",
        "Sweden Central",
        "Switzerland North",
        "Switzerland West",
        "UAE North",
        "UK South",
        "UK West",
        "West Central US",
        "West Europe",
        "West India",
        "West US",
        "West US 2",
        "West US 3",
    )
}


def normalise(location: str) -> str:
    """`West Europe` and `westeurope` are the same region."""
    return location.replace(" ", "").lower()
