# SPDX-License-Identifier: Apache-2.0
"""Collects what models are asked and answer, as JSON Lines in the blob plane: the agent that Azure runs beside a scoring container.

    modelDataCollector/{endpoint}/{deployment}/{collection}/{yyyy}/{MM}/{dd}/{HH}/{id}.jsonl     in `workspaceblobstore`, or
    {path of the collection's data asset}/{yyyy}/{MM}/{dd}/{HH}/{id}.jsonl

A scoring script's `azureml.ai.monitoring.Collector` sends to it; the collections `request` and `response` are taken from the router.

Differs from Azure:
- lines are there within a second; a file takes about 256 KB, then another one of the same folder goes on
- every call of `collect` is a line of its own: nothing is joined
- bodies over 1 MB are not in the collections `request` and `response`; headers are in neither
- blobs are block blobs, not append blobs
"""
