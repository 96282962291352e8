# SPDX-License-Identifier: Apache-2.0
"""Components of an Azure Machine Learning platform, for Pulumi programs in Python.

The public names stand in `__init__.pyi`; each is loaded on first use, so that a program pays for what it declares.
"""

import lazy_loader

from groundplan.azure_classes import load_on_use

load_on_use()  # for what the program itself declares, where it imports azure-native before us

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
