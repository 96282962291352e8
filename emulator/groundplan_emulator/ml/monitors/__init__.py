# SPDX-License-Identifier: Apache-2.0
"""Model monitors: a schedule that compares what a model sees and says in production with a baseline, and warns.

`definition.py` refuses what cannot be monitored, `starting.py` submits the job when the schedule is due, `job.py` is the job, `windows.py`
brings it the data of a time, `measuring.py` compares, in an environment of its own with Evidently.

Differs from Azure:
- signals are computed by one process with Evidently and, for data quality, by code of ours; Azure runs a Spark pipeline of components
- results are the files of the job's output `monitoring_results`; Azure's studio draws charts of them
- a breached threshold fails the job and sets its tag `azureml_modelmonitor_threshold_breached`, as in Azure; no mail and no event of
  Event Grid is sent: `alerts.json` among the results says who would have been told
- feature attribution, model performance, custom and generative signals are refused
"""
