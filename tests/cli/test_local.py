# SPDX-License-Identifier: Apache-2.0
"""`groundplan local`: life of the server, faults, clock, logs, and what it says of bad input."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import psutil

from groundplan_emulator import ports, process
from tests.cli.conftest import Cli


def test_start_is_idempotent_and_stop_keeps_the_state(cli: Cli) -> None:
    """A second start finds the first; after a stop and a start ports and ids are the same."""
    # not the default ones, which tests at the same time may want
    chosen = ["--http-port", str(ports.any_free()), "--https-port", str(ports.any_free())]
    first = cli.json("local", "start", *chosen)
    second = cli.json("local", "start")
    cli("local", "stop")
    stopped = cli.json("local", "stop")
    third = cli.json("local", "start")

    assert first["started"]
    assert not second["started"]
    assert first["pid"] == second["pid"] != third["pid"]
    assert stopped == {"stopped": False}
    assert (first["http"], first["https"], first["subscription_id"]) == (
        third["http"],
        third["https"],
        third["subscription_id"],
    )


def test_status_says_what_is_there_and_whether_it_runs(cli: Cli) -> None:
    """Exit code 5 where it does not run, for scripts."""
    assert not cli.json("local", "status", expect=5)["running"]
    said = cli("local", "status", expect=5).stdout
    cli("local", "start")
    found = cli.json("local", "status")

    assert "start it: groundplan local start" in said
    assert found["running"]
    assert found["resources"] == {}
    assert "identity_header" not in found


def test_parallel_starts_make_one_server(cli: Cli) -> None:
    """Two commands at the same moment."""
    both = [cli.start("local", "start", "--json") for _ in range(2)]
    answers = [each.communicate(timeout=60)[0] for each in both]

    assert [each.returncode for each in both] == [0, 0]
    assert sum('"started": true' in answer for answer in answers) == 1


def test_a_port_in_use_is_refused_with_its_holder(cli: Cli) -> None:
    """Only a port that was asked for: a default one is replaced by a free one."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = cli("local", "start", "--http-port", str(port), expect=5).stderr

        assert f"port {port} is in use by" in said
        assert f"(process {os.getpid()})" in said
        assert "give another port" in said


def test_a_preferred_port_in_use_is_replaced_and_remembered(cli: Cli) -> None:
    """The port of the last start belongs to someone else now; the new choice outlives a restart."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (cli.home / "local").mkdir(parents=True)
        (cli.home / "local" / ports.RECORD).write_text(json.dumps({"http": port, "https": ports.any_free()}))
        first = cli.json("local", "start")
        cli("local", "stop")
    second = cli.json("local", "start")

    assert f"http://127.0.0.1:{port}" != first["http"] == second["http"]


def test_other_ports_than_the_running_ones_are_refused(cli: Cli) -> None:
    """A running server does not move."""
    cli("local", "start")
    said = cli("local", "start", "--https-port", "1", expect=5).stderr

    assert "runs already with https port" in said
    assert "groundplan local stop" in said


def test_a_port_out_of_range_is_a_usage_error(cli: Cli) -> None:
    """Before anything is started."""
    assert "--http-port is 70000; allowed: 1 to 65535" in cli("local", "start", "--http-port", "70000", expect=2).stderr


def test_a_corrupt_state_file_is_named_and_reset_mends_it(cli: Cli) -> None:
    """SQLite would say `file is not a database`; we say which file, and the command that mends it."""
    cli("local", "start")
    cli("local", "stop")
    (cli.home / "local" / "state.db").write_bytes(b"not a database, " * 100)
    for name in ("state.db-wal", "state.db-shm"):
        (cli.home / "local" / name).unlink(missing_ok=True)
    said = cli("local", "start", expect=5).stderr
    cli("local", "reset", "--yes")
    cli("local", "start")

    assert "is damaged" in said
    assert "groundplan local reset --yes" in said


def test_a_corrupt_server_file_is_named_and_reset_mends_it(cli: Cli) -> None:
    """`server.json` half written by something else."""
    (cli.home / "local").mkdir(parents=True)
    (cli.home / "local" / "server.json").write_text('{"pid": 1')
    said = cli("local", "status", expect=5).stderr
    cli("local", "reset", "--yes")

    assert f"{cli.home / 'local' / 'server.json'} is damaged" in said
    assert "groundplan local reset --yes" in said
    cli("local", "start")


def test_a_server_whose_file_is_damaged_or_lost_is_found_and_stopped(cli: Cli) -> None:
    """Else it would hold its folder and ports until the machine restarts."""
    path = cli.home / "local" / "server.json"
    first = cli.json("local", "start")
    path.write_text("{")
    by_reset = cli.json("local", "reset", "--yes")
    second = cli.json("local", "start")
    path.unlink()
    by_stop = cli.json("local", "stop")

    assert "removed a damaged file" in by_reset["done"][0]
    assert second["started"]
    assert by_stop == {"stopped": True}
    assert not any(process._is_ours(each["pid"], cli.home / "local") for each in (first, second))


def test_a_stale_server_file_of_a_reused_process_id_is_not_believed(cli: Cli) -> None:
    """The process id of the dead server belongs to another process now: this one."""
    cli("local", "start")
    path = cli.home / "local" / "server.json"
    text = path.read_text()
    server = process.find(cli.home / "local")
    assert server is not None
    cli("local", "stop")
    path.write_text(text.replace(f'"pid": {server.pid}', f'"pid": {os.getpid()}'))

    assert not cli.json("local", "status", expect=5)["running"]
    assert not cli.json("local", "stop")["stopped"]
    assert cli.json("local", "start")["started"]


def test_a_killed_server_is_replaced(cli: Cli) -> None:
    """SIGKILL leaves `server.json` behind; the next start is a new server with the same ids."""
    first = cli.json("local", "start")
    os.kill(first["pid"], signal.SIGKILL)
    psutil.wait_procs([psutil.Process(first["pid"])] if psutil.pid_exists(first["pid"]) else [], timeout=10)
    second = cli.json("local", "start")

    assert second["started"]
    assert first["subscription_id"] == second["subscription_id"]


def test_a_folder_that_cannot_be_written_is_named(cli: Cli, tmp_path: Path) -> None:
    """A folder under a file: no one can write there, not even root, for whom permissions do not count."""
    (tmp_path / "file").write_text("")
    said = cli("local", "start", expect=5, GROUNDPLAN_HOME=str(tmp_path / "file" / "home")).stderr

    assert f"cannot write to the folder of local Azure, {tmp_path / 'file' / 'home' / 'local'}" in said
    assert "GROUNDPLAN_HOME" in said


def test_the_server_outlives_the_terminal(cli: Cli) -> None:
    """It has a session of its own, so that neither Ctrl-C nor the end of a shell reaches it."""
    started = cli.json("local", "start")

    assert os.getsid(started["pid"]) == started["pid"]


def test_faults_are_added_listed_and_cleared(cli: Cli) -> None:
    """And a bad one is explained in the words of the emulator."""
    cli("local", "start")
    added = cli.json("local", "fault", "add", "resourceGroups", "--status", "503", "--times", "2", "--method", "PUT")
    listed = cli.json("local", "fault", "list")
    table = cli("local", "fault", "list").stdout
    bad = cli("local", "fault", "add", "resourceGroups", "--status", "200", expect=2).stderr
    unknown = cli("local", "fault", "clear", "99", expect=2).stderr
    cleared = cli.json("local", "fault", "clear")

    assert [(added["id"], 503, 2, "PUT")] == [
        (each["id"], each["status"], each["times"], each["method"]) for each in listed
    ]
    assert "resourceGroups" in table
    assert "allowed: 400 to 599" in bad
    assert "there is no fault 99" in unknown
    assert cleared == {"cleared": 1}
    assert cli.json("local", "fault", "list") == []


def test_the_clock_is_read_set_and_moved(cli: Cli) -> None:
    """Modes by name, time only forward."""
    cli("local", "start", "--clock", "manual")
    before = cli.json("local", "clock")
    after = cli.json("local", "clock", "realistic", "--advance", "60")

    assert (before["mode"], before["skipped"]) == ("manual", 0)
    assert (after["mode"], after["skipped"]) == ("realistic", 60)
    assert "allowed: instant, realistic, manual" in cli("local", "clock", "fast", expect=2).stderr
    assert "only goes forward" in cli("local", "clock", "--advance=-1", expect=2).stderr


def test_reset_empties_a_running_server_and_the_engines_state(cli: Cli) -> None:
    """And asks first: without a terminal it needs --yes."""
    cli("local", "start")
    (cli.home / "state").mkdir()
    refused = cli("local", "reset", expect=2).stderr
    kept = cli.json("local", "reset", "--yes", "--keep-stacks")
    assert (cli.home / "state").is_dir()
    done = cli.json("local", "reset", "--yes")

    assert "pass --yes" in refused
    assert kept["done"] == ["emptied Azure on localhost; it keeps running"]
    assert len(done["done"]) == 2
    assert not (cli.home / "state").exists()


def test_logs_are_printed_and_followed(cli: Cli) -> None:
    """The last lines, then what comes."""
    missing = cli("local", "logs", expect=5).stderr
    cli("local", "start")
    log = cli.home / "local" / "server.log"
    follower = cli.start("local", "logs", "--follow", "--lines", "0")
    assert follower.stdout is not None
    seen: list[str] = []
    reader = threading.Thread(target=lambda: seen.append(follower.stdout.readline()), daemon=True)  # type: ignore[union-attr]
    reader.start()
    try:
        for _ in range(150):
            with log.open("a") as file:
                file.write("a line of its own\n")
            reader.join(timeout=0.2)
            if not reader.is_alive():
                break
        follower.send_signal(signal.SIGINT)
        assert follower.wait(timeout=20) == 130
    finally:
        follower.kill()
        follower.communicate()

    assert "there is no log yet" in missing
    assert seen == ["a line of its own\n"]
    assert "a line of its own" in cli("local", "logs", "-n", "1").stdout


def test_a_reader_that_leaves_is_no_error_shown(cli: Cli) -> None:
    """`groundplan local logs | head -1`."""
    cli("local", "start")
    (cli.home / "local" / "server.log").write_text("line\n" * 100_000)
    command = f"{sys.executable} -m groundplan_cli local logs -n 100000 | head -1"
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=cli.folder,
        env=cli.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("line\n", "")
