# SPDX-License-Identifier: Apache-2.0
"""The components for programs in other Pulumi languages: `pulumi package add <this folder>`.

Pulumi's host for components reads typed dictionaries and calls constructors with plain ones. `facade` makes both from the components'
own dataclasses, so that there is one set of arguments, defaults and checks.
"""
