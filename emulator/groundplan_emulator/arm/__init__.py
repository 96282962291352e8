# SPDX-License-Identifier: Apache-2.0
"""Azure Resource Manager: paths, generic resource life cycle, long-running operations, errors."""
