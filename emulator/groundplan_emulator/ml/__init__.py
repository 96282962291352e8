# SPDX-License-Identifier: Apache-2.0
"""The Azure Machine Learning service behind its ARM types: what runs, serves, measures and keeps files."""
