# SPDX-License-Identifier: Apache-2.0
"""The scoring processes behind online deployments: what the store wants is what runs (`supervisor`).

supervisor   one keeper for each deployment, usage of all
keeper       brings a deployment from what serves to what is wanted, and says how that ended
replica      one scoring process: started, probed, restarted, stopped
plan         what of a deployment's body and assets the processes depend on
host         runs in the deployment's environment and starts the scoring server
"""
