# SPDX-License-Identifier: Apache-2.0
"""Batch endpoints: an invocation becomes a job with a step that runs the scoring script over the files of its input, in mini-batches.

`invocations.py` reads what a client asks for, `job.py` is the job, `scoring.py` its step. `driver.py`, `worker.py` and `mlflow_script.py`
run in the deployment's own environment, apart from the emulator.
"""
