# SPDX-License-Identifier: Apache-2.0
"""`python host.py PORT`: Azure's scoring server on the loopback interface. Runs in the deployment's own environment, of any age.

It is the server as published, apart from three things: it listens on 127.0.0.1 alone, it opens no control socket in the user's home, and
what sends to Application Insights is not loaded where nothing is sent (a quarter of the memory, and a second of each start).
"""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false
import os
import sys
import types

_INSIGHTS = "azureml_inference_server_http.server.appinsights_client"


class _Nothing:
    enabled = False

    def __getattr__(self, name: str) -> object:
        return lambda *_, **__: None


def main(port: str) -> None:
    """Serve until ended."""
    sys.path[0] = os.environ["AML_APP_ROOT"]
    if os.environ.get("AML_APP_INSIGHTS_ENABLED", "false").lower() != "true":
        stand_in = types.ModuleType(_INSIGHTS)
        stand_in.__dict__["AppInsightsClient"] = _Nothing
        sys.modules[_INSIGHTS] = stand_in
    # only asked for here; it would bring Flask into the master, which does not serve
    blocked = {} if os.environ.get("AML_CORS_ORIGINS") else {"flask_cors": None}
    vars(sys)["modules"].update(blocked)
    from azureml_inference_server_http import constants

    constants.DEFAULT_HOST = "127.0.0.1"
    from azureml_inference_server_http import amlserver

    for name in blocked:
        del sys.modules[name]
    _without_control_socket()
    sys.argv = [sys.argv[0], "--entry_script", os.environ["AZUREML_ENTRY_SCRIPT"], "--port", port]
    amlserver.run()


def _without_control_socket() -> None:
    try:
        from gunicorn import config
    except ImportError:
        return
    if hasattr(config, "ControlSocketDisable"):
        given = os.environ.get("GUNICORN_CMD_ARGS", "")
        os.environ["GUNICORN_CMD_ARGS"] = (given + " --no-control-socket").strip()


if __name__ == "__main__":
    main(sys.argv[1])
