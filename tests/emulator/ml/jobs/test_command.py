# SPDX-License-Identifier: Apache-2.0
"""Command jobs that really run, driven by the unmodified azure-ai-ml client."""

from __future__ import annotations

import functools
import http.server
import json
import threading
import zipfile
from pathlib import Path
from typing import Any

import psutil
import pytest
from azure.ai.ml import Input, Output, command
from azure.ai.ml.constants import AssetTypes, ListViewType
from azure.ai.ml.entities import Data, Environment, Model
from azure.ai.ml.exceptions import JobException
from azure.core.exceptions import HttpResponseError

from tests.emulator.ml.jobs.conftest import ended, error_of, log_of, until
from tests.fixtures.azure import RunningAzure

pytestmark = pytest.mark.azure_spec

TRAIN = """
import argparse, json, os, pathlib
parser = argparse.ArgumentParser()
for name in ("--data", "--table", "--rate", "--model", "--metrics"):
    parser.add_argument(name)
given = parser.parse_args()
rows = pathlib.Path(given.data).read_text().split()
pathlib.Path(given.model, "weights.json").write_text(json.dumps({"rate": float(given.rate), "rows": len(rows)}))
pathlib.Path(given.metrics).write_text("loss 0.5")
pathlib.Path("outputs", "report.txt").write_text("fine")
print("trained on", len(rows), "rows and", sorted(os.listdir(given.table)))
print("run", os.environ["AZUREML_RUN_ID"], os.environ["AZUREML_ARM_WORKSPACE_NAME"], os.environ["COLOUR"])
"""


def test_train_and_register(ml: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "train.py").write_text(TRAIN)
    (tmp_path / "rows.csv").write_text("1 2 3")
    (tmp_path / "table").mkdir()
    (tmp_path / "table" / "part.csv").write_text("4")
    ml.data.create_or_update(Data(name="rows", version="1", path=str(tmp_path / "rows.csv"), type=AssetTypes.URI_FILE))

    job = ml.jobs.create_or_update(
        command(
            code=str(tmp_path / "src"),
            command=(
                "python train.py --data ${{inputs.data}} --table ${{inputs.table}} --rate ${{inputs.rate}}"
                " --model ${{outputs.model}} --metrics ${{outputs.metrics}}"
            ),
            inputs={
                "data": Input(type=AssetTypes.URI_FILE, path="azureml:rows:1"),
                "table": Input(type=AssetTypes.URI_FOLDER, path=str(tmp_path / "table"), mode="download"),
                "rate": 0.25,
            },
            outputs={
                "model": Output(type=AssetTypes.CUSTOM_MODEL),
                "metrics": Output(
                    type=AssetTypes.URI_FILE, path="azureml://datastores/workspaceblobstore/paths/kept/metrics.txt"
                ),
            },
            environment="plain:1",
            environment_variables={"COLOUR": "blue"},
            compute="cpu",
            experiment_name="training",
        )
    )
    ml.jobs.stream(job.name)

    said = capsys.readouterr().out
    assert "trained on 3 rows and ['part.csv']" in said
    assert f"run {job.name} jobs-ws blue" in said
    done = ml.jobs.get(job.name)
    assert done.status == "Completed"
    assert done.outputs["model"].path == f"azureml://datastores/workspaceblobstore/paths/azureml/{job.name}/model/"
    model = ml.models.create_or_update(
        Model(name="made", version="1", path=f"azureml://jobs/{job.name}/outputs/model", type=AssetTypes.CUSTOM_MODEL)
    )
    ml.models.download(model.name, version="1", download_path=str(tmp_path / "registered"))
    weights = next((tmp_path / "registered").rglob("weights.json"))
    assert json.loads(weights.read_text()) == {"rate": 0.25, "rows": 3}
    ml.jobs.download(job.name, download_path=str(tmp_path / "all"), all=True)
    assert (tmp_path / "all" / "artifacts" / "outputs" / "report.txt").read_text() == "fine"
    assert "trained on" in (tmp_path / "all" / "artifacts" / "user_logs" / "std_log.txt").read_text()
    assert next((tmp_path / "all" / "named-outputs" / "model").rglob("weights.json")).exists()


def submit(ml: Any, line: str, **options: Any) -> Any:
    """A job of one line on the cluster."""
    given: dict[str, Any] = {"environment": "plain:1", "compute": "cpu", **options}
    return ml.jobs.create_or_update(command(command=line, **given))


def test_the_error_of_a_failing_job(ml: Any, capsys: pytest.CaptureFixture[str]):
    job = submit(ml, "python -c 'raise ValueError(41)'", outputs={"some": Output(type="uri_folder")})

    with pytest.raises(JobException, match="exited with status code 1") as failed:
        ml.jobs.stream(job.name)

    assert "ValueError: 41" in str(failed.value)
    assert "ValueError: 41" in capsys.readouterr().out
    error = error_of(ml, job.name)
    assert (error.code, error.message_parameters) == ("UserError", {"ExitCode": "1"})
    assert ml.jobs.get(job.name).status == "Failed"


def test_an_environment_that_cannot_be_made(ml: Any, tmp_path: Path):
    (tmp_path / "conda.yaml").write_text("dependencies:\n  - pip:\n      - no such package\n")
    environment = Environment(name="broken", image="example.org/image:1", conda_file=str(tmp_path / "conda.yaml"))
    broken = ml.environments.create_or_update(environment)

    job = submit(ml, "echo never", environment=broken.id)

    assert ended(ml, job.name).status == "Failed"
    error = error_of(ml, job.name)
    assert error.code == "UserError"
    assert "could not be made" in error.message


def test_an_input_that_is_not_there(ml: Any):
    missing = Input(type="uri_folder", path="azureml://datastores/workspaceblobstore/paths/nowhere/")

    job = submit(ml, "ls ${{inputs.data}}", inputs={"data": missing})

    assert ended(ml, job.name).status == "Failed"
    error = error_of(ml, job.name)
    assert (error.code, "The input 'data'" in error.message) == ("UserError", True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"compute": "nowhere"}, "Compute 'nowhere' was not found"),
        ({"environment": "azureml:nothing:1"}, r"environment '.*nothing.*' was not found"),
        ({"instance_count": 9}, "needs 9 nodes, but compute 'cpu' has at most 4"),
        ({"inputs": {"x": Input(type="uri_file", path="azureml:nothing:1")}}, "The input 'x'"),
    ],
)
def test_what_cannot_run_is_refused_when_it_is_submitted(ml: Any, options: dict[str, Any], message: str):
    with pytest.raises(HttpResponseError, match=message) as refused:
        submit(ml, "echo", **options)

    assert (refused.value.status_code, refused.value.error.code) == (400, "UserError")


def test_other_kinds_of_jobs_are_refused(azure: RunningAzure, ml: Any):
    workspace = ml.workspaces.get("jobs-ws").id
    body = {
        "properties": {
            "jobType": "Spark",
            "codeId": "x",
            "entry": {"sparkJobEntryType": "SparkJobPythonEntry", "file": "a.py"},
        }
    }

    answer = azure.arm("PUT", f"{workspace}/jobs/sparkling", body, api_version="2024-10-01")

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "UserError")
    assert "Jobs of type 'Spark' do not run" in answer.json()["error"]["message"]


def test_cancel_ends_the_processes(ml: Any, tmp_path: Path):
    job = submit(ml, f"echo $$ > {tmp_path}/pid; sleep 600 & wait")
    pid = int(until((tmp_path / "pid").exists) and until((tmp_path / "pid").read_text))
    process = psutil.Process(pid)

    ml.jobs.begin_cancel(job.name).result()

    assert ended(ml, job.name).status == "Canceled"
    assert not process.is_running()
    with pytest.raises(HttpResponseError, match="has ended already"):
        ml.jobs.begin_cancel(job.name).result()


def test_what_is_changed_and_archived_later(ml: Any):
    job = submit(ml, "echo", tags={"a": "1"}, display_name="before")
    ended(ml, job.name)

    ml.jobs.update(job.name, display_name="after", tags={"b": "2"})
    ml.jobs.archive(job.name)

    shown = ml.jobs.get(job.name)
    assert (shown.display_name, shown.tags) == ("after", {"a": "1", "b": "2"})
    assert job.name not in {found.name for found in ml.jobs.list()}
    assert job.name in {found.name for found in ml.jobs.list(list_view_type=ListViewType.ARCHIVED_ONLY)}
    ml.jobs.restore(job.name)
    assert job.name in {found.name for found in ml.jobs.list()}


def test_microsofts_clients_find_this_azure_inside_of_a_job(ml: Any):
    """The code of a job needs no word of where it runs."""
    python = (
        "import json, os, ssl, urllib.request as r;"
        "q = r.Request(os.environ['IDENTITY_ENDPOINT'] + '?api-version=2019-08-01&resource=https://management.azure.com/',"
        "headers={'X-IDENTITY-HEADER': os.environ['IDENTITY_HEADER']});"
        "t = json.load(r.urlopen(q))['access_token'];"
        "c = ssl.create_default_context(cafile=os.environ['SSL_CERT_FILE']);"
        "s = os.environ['ARM_CLOUD_METADATA_URL'].split('/metadata')[0] + '/subscriptions/' + os.environ['AZUREML_ARM_SUBSCRIPTION'];"
        "q = r.Request(s + '/resourceGroups?api-version=2021-04-01', headers={'Authorization': 'Bearer ' + t});"
        "print([g['name'] for g in json.load(r.urlopen(q, context=c))['value']])"
    )

    job = submit(ml, f'python -c "{python}"')

    assert ended(ml, job.name).status == "Completed"
    assert "'jobs'" in log_of(ml, job.name)


def test_optional_parts_and_direct_inputs(ml: Any):
    place = "azureml://datastores/workspaceblobstore/paths/direct/"
    inputs = {"given": "yes", "data": Input(type="uri_folder", path=place, mode="direct")}

    job = submit(
        ml, "echo [${{inputs.data}}]$[[ --given ${{inputs.given}}]]$[[ --absent ${{inputs.absent}}]]!", inputs=inputs
    )

    assert ended(ml, job.name).status == "Completed"
    assert log_of(ml, job.name) == f"[{place}] --given yes!\n"


def test_a_named_output_is_registered(ml: Any):
    output = Output(type=AssetTypes.URI_FOLDER, name="written", version="7")

    job = submit(ml, "echo 1 > ${{outputs.out}}/one", outputs={"out": output})

    assert ended(ml, job.name).status == "Completed"
    assert ml.data.get("written", version="7").path.endswith(f"/paths/azureml/{job.name}/out/")


def test_a_file_on_the_web(ml: Any, tmp_path: Path):
    """Anybody may read it; what is not there fails the job with what the other side said."""
    (tmp_path / "rows.csv").write_text("1\n2\n")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        there, gone = (
            submit(ml, "wc -l < ${{inputs.rows}}", inputs={"rows": Input(type="uri_file", path=f"{address}/{name}")})
            for name in ("rows.csv", "gone.csv")
        )
        assert ended(ml, there.name).status == "Completed"
        assert ended(ml, gone.name).status == "Failed"
        server.shutdown()

    assert log_of(ml, there.name) == "2\n"
    assert f"'{address}/gone.csv' answered 404" in error_of(ml, gone.name).message


def test_what_a_command_installs_is_the_jobs_own(ml: Any, tmp_path: Path):
    """Nothing of it is in the environment that other jobs share."""
    (tmp_path / "src").mkdir()
    with zipfile.ZipFile(tmp_path / "src" / "tiny-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "SAYS = 'installed'")
        wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        wheel.writestr(
            "tiny-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")
    show = "python -c 'import tiny; print(tiny.SAYS)'"
    install = "install --no-index --no-cache-dir ./tiny-1.0-py3-none-any.whl"

    jobs = [
        submit(ml, line, code=str(tmp_path / "src"))
        for line in (f"pip {install} && {show}", f"python -m pip {install} --user && {show}", show)
    ]

    assert [ended(ml, job.name).status for job in jobs] == ["Completed", "Completed", "Failed"]
    assert all(log_of(ml, job.name).endswith("\ninstalled\n") for job in jobs[:2])
    assert "No module named 'tiny'" in error_of(ml, jobs[2].name).message
