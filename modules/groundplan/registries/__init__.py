# SPDX-License-Identifier: Apache-2.0
"""Registries of container images and of machine learning assets."""
