"""Commands as processes: pipes, terminals, interrupts."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from burstsim.studies.shards import Shard
from tests.cli.helpers import COMMAND, environment, process, quick, write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and pseudo-terminals")

ESCAPE = "\x1b"


def on_terminal(
    arguments: list[str], cwd: Path, *, stdout_too: bool = False, **env: str
) -> tuple[str, str, int]:
    """What a command sends to stdout and to its terminal, and how it ends."""
    import pty

    master, slave = pty.openpty()
    changed = environment(TERM="xterm-256color", COLUMNS="100", **env)
    child = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=changed,
        stdin=subprocess.DEVNULL,
        stdout=slave if stdout_too else subprocess.PIPE,
        stderr=slave,
    )
    os.close(slave)
    seen = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # Linux says so when the other side has gone
            break
        if not part:
            break
        seen += part
    os.close(master)
    data = child.stdout.read() if child.stdout else b""
    if child.stdout:
        child.stdout.close()
    return data.decode(), seen.decode(), child.wait(timeout=60)


def test_exit_codes_and_plain_output(tmp_path: Path) -> None:
    write(tmp_path / "sale.yaml", quick(thresholds={"good": "on_time >= 0.9"}))
    done = process("run", "sale.yaml", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (99, "")
    assert ESCAPE not in done.stdout
    assert all(len(line) < 200 for line in done.stdout.splitlines())
    wrong = process("run", "none.yaml", cwd=tmp_path)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "error: none.yaml: there is no such file\n"


def test_json_is_pure_in_any_encoding(tmp_path: Path) -> None:
    write(tmp_path / "sale.yaml", quick(name="双十一"))
    for encoding in ("utf-8", "ascii"):
        done = process("run", "sale.yaml", "--json", cwd=tmp_path, PYTHONIOENCODING=encoding)
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["scenario"]["name"] == "双十一"


def test_tables_in_a_narrow_encoding(tmp_path: Path) -> None:
    """A flagged metric is marked by a sign that not every encoding has."""
    write(tmp_path / "sale.yaml", quick(name="双十一", drain="0s", horizon="1m"))
    done = process("run", "sale.yaml", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "orders are left unshipped" in done.stdout


def test_terminal_has_colour_and_progress(tmp_path: Path) -> None:
    write(tmp_path / "sale.yaml", quick(thresholds={"good": "on_time >= 0.9"}))
    _, seen, code = on_terminal(["run", "sale.yaml"], tmp_path, stdout_too=True)
    assert code == 99
    assert "replications" in seen
    assert f"{ESCAPE}[1;31mFAIL" in seen
    _, plain, _ = on_terminal(["run", "sale.yaml", "-q"], tmp_path, stdout_too=True, NO_COLOR="1")
    assert ESCAPE not in plain
    _, seen, _ = on_terminal(["metrics"], tmp_path, stdout_too=True, NO_COLOR="1")
    assert ESCAPE not in seen
    assert max(len(line) for line in seen.splitlines()) <= 100


@pytest.mark.parametrize("reps", ["1", "3"])
def test_progress_goes_to_the_terminal_and_data_to_the_pipe(tmp_path: Path, reps: str) -> None:
    write(tmp_path / "sale.yaml", quick())
    data, seen, code = on_terminal(["run", "sale.yaml", "--json", "--reps", reps], tmp_path)
    assert code == 0
    assert json.loads(data)["replications"] == int(reps)
    assert "sale.yaml: replications" in seen
    assert "metrics" not in seen


def test_quiet_shows_no_progress(tmp_path: Path) -> None:
    write(tmp_path / "sale.yaml", quick())
    data, seen, _ = on_terminal(["run", "sale.yaml", "-q"], tmp_path)
    assert seen == ""
    assert data.startswith("Pick at hub")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["metrics"], 0), (["schema"], 0), (["run", "a.yaml"], 99), (["run", "a.yaml", "b.yaml"], 99)],
)
def test_a_reader_who_leaves(tmp_path: Path, arguments: list[str], code: int) -> None:
    """The pipe is closed before anything is read: no complaint, and the work is done."""
    write(tmp_path / "a.yaml", quick())
    write(tmp_path / "b.yaml", quick(thresholds={"good": "on_time >= 0.9"}))
    if len(arguments) == 2:
        write(tmp_path / "a.yaml", quick(thresholds={"good": "on_time >= 0.9"}))
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=tmp_path,
        env=environment(),
        stdout=writer,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (code, b"")
    if arguments[0] == "run":
        assert len(os.listdir(tmp_path / "runs")) == len(arguments) - 1


def test_interrupt(tmp_path: Path) -> None:
    """Ctrl-C in a run of many replications: a message, no traceback, nothing half-written."""
    write(tmp_path / "sale.yaml", quick())
    with subprocess.Popen(
        [*COMMAND, "run", "sale.yaml", "--reps", "1000000", "--out", "new/run"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # a shell may have started the tests with the signal ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as child:
        for _ in range(600):  # the place is made just before the run
            if (tmp_path / "new").exists():
                break
            time.sleep(0.05)
        time.sleep(0.2)
        child.send_signal(signal.SIGINT)
        stdout, stderr = child.communicate(timeout=60)
    assert child.returncode == 130
    assert stdout == b""
    said = re.fullmatch(
        r"sale\.yaml: interrupted: (no replication was finished|(\d+) finished replications? "
        r"(is|are) kept in new/run; the same command with --resume goes on from there)\n",
        stderr.decode(),
    )
    assert said, stderr
    # what is kept is kept whole, and nothing but that is left
    left = sorted(path for path in (tmp_path / "new").rglob("*") if path.is_file())
    assert len(left) == int(said[2] or 0)
    assert all(Shard.from_json(path.read_text(encoding="utf-8")) for path in left)
