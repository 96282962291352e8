# SPDX-License-Identifier: Apache-2.0
"""A type as JSON schema (Draft 2020-12), and values judged by it.

`request_schema` and `validate_request` speak ARM's shape, `input_schema` and `validate_inputs` the SDK's.
"""

from groundplan_arm.schema.read_only import read_only_paths, strip_read_only
from groundplan_arm.schema.validation import Failure, validate_inputs, validate_request
from groundplan_arm.schema.writer import input_schema, request_schema

__all__ = [
    "Failure",
    "input_schema",
    "read_only_paths",
    "request_schema",
    "strip_read_only",
    "validate_inputs",
    "validate_request",
]
