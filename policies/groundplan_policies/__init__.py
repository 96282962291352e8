# SPDX-License-Identifier: Apache-2.0
"""Rules for Azure Machine Learning platforms, packs of them, and Azure Policy's language, evaluated at preview."""
