# SPDX-License-Identifier: Apache-2.0
"""Azure Machine Learning workspaces."""
