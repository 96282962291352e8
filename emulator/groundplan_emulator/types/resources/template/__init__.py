# SPDX-License-Identifier: Apache-2.0
"""ARM templates: their expression language, and running one."""
