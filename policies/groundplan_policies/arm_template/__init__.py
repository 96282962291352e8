# SPDX-License-Identifier: Apache-2.0
"""ARM templates, and resources as Azure answers them, read for rules; and written for other checkers."""

from groundplan_policies.arm_template.errors import Note, ParametersError, TemplateError
from groundplan_policies.arm_template.json_text import JsonText, load_json, read_json
from groundplan_policies.arm_template.read import Template, read_template
from groundplan_policies.arm_template.write import write_template

__all__ = [
    "JsonText",
    "Note",
    "ParametersError",
    "Template",
    "TemplateError",
    "load_json",
    "read_json",
    "read_template",
    "write_template",
]
