# SPDX-License-Identifier: Apache-2.0
"""Rules about registries of machine learning assets."""
