# SPDX-License-Identifier: Apache-2.0
"""What Azure's types are: paths, API versions, properties, body mapping, schemas and ids, from one generated data file."""

from groundplan_arm.catalog import Catalog, UnknownType, load
from groundplan_arm.model import Property
from groundplan_arm.resource_type import Function, ResourceType

__all__ = ["Catalog", "Function", "Property", "ResourceType", "UnknownType", "load"]
