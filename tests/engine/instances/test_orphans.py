"""Only processes that are provably ours are killed; the test with a killed panel is in test_supervisor."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest

from ollama_panel.core.notices import notice
from ollama_panel.engine.instances.orphans import ChildRegistry, kill_orphans
from tests.engine.instances.test_supervisor import STUB
from tests.fakes.ports import free_port

KILLABLE_PANEL = str(Path(__file__).parents[2] / "fakes" / "killable_panel.py")

ARGV = [sys.executable, "-c", "import threading; print(flush=True); threading.Event().wait()"]


@pytest.fixture
def unrelated_process() -> Iterator[psutil.Process]:
    """A process that runs the same program but does not carry the mark."""
    with subprocess.Popen(ARGV, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # until then it may still have this process's command line
        yield psutil.Process(process.pid)
        process.kill()


def children_file_with(tmp_path, process: psutil.Process, argv: list[str], created: float):
    book = tmp_path / "children.json"
    entry = {"pid": process.pid, "created": created, "argv": argv}
    owner = {"pid": 2**22, "created": 0.0}
    book.write_bytes(msgspec.json.encode({"owner": owner, "mark": "a mark that nobody has", "children": [entry]}))
    return book


def test_a_process_with_the_recorded_id_start_and_command_is_ours(tmp_path, unrelated_process):
    book = children_file_with(tmp_path, unrelated_process, ARGV, unrelated_process.create_time())
    assert kill_orphans(book) == (notice("orphan.ended", pid=unrelated_process.pid),)
    assert not book.exists()


@pytest.mark.skipif(os.name == "nt", reason="there names are text")
def test_a_program_in_a_folder_whose_name_is_no_text_is_written_down_and_found_again(tmp_path):
    argv = [*ARGV, os.fsdecode(b"/opt/b\xff/ollama")]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        ChildRegistry(tmp_path / "own.json").add(process.pid, argv)
        written = msgspec.json.decode((tmp_path / "own.json").read_bytes())["children"][0]
        book = children_file_with(tmp_path, psutil.Process(process.pid), written["argv"], written["created"])
        assert kill_orphans(book) == (notice("orphan.ended", pid=process.pid),)


@pytest.mark.parametrize(
    ("argv", "shift"), [(ARGV, 60), (ARGV, -60), ([*ARGV, "more"], 0)], ids=["younger", "older", "another command"]
)
def test_a_process_that_only_has_the_same_id_is_left_alone(tmp_path, unrelated_process, argv, shift):
    book = children_file_with(tmp_path, unrelated_process, argv, unrelated_process.create_time() + shift)
    assert kill_orphans(book) == ()
    assert unrelated_process.is_running()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"owner": 3}'])
def test_a_book_that_cannot_be_read_ends_nothing(tmp_path, text):
    (tmp_path / "children.json").write_text(text)
    assert kill_orphans(tmp_path / "children.json") == kill_orphans(tmp_path / "none.json") == ()


def test_a_book_that_cannot_be_written_is_one_warning_until_it_can(tmp_path, unrelated_process, caplog):
    folder = tmp_path / "folder"
    folder.write_text("")
    registry = ChildRegistry(folder / "children.json")

    def change() -> int:
        registry.add(unrelated_process.pid, ARGV)
        registry.remove(unrelated_process.pid)
        return sum("the list of child processes could not be written" in line for line in caplog.messages)

    assert (change(), change()) == (1, 1)
    folder.unlink()
    folder.mkdir()
    assert change() == 1
    (folder / "children.json").unlink()
    folder.rmdir()
    folder.write_text("")
    assert change() == 2


@pytest.mark.skipif(sys.platform == "win32", reason="there a job object ends the workers with the panel")
def test_the_next_panel_ends_what_a_killed_one_has_left_behind(tmp_path):
    book = tmp_path / "children.json"
    argv = [sys.executable, KILLABLE_PANEL, str(book), str(free_port()), sys.executable, STUB, "--runner"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(argv, stdout=subprocess.PIPE, env=environment) as panel:
        assert panel.stdout is not None
        worker = psutil.Process(int(panel.stdout.readline()))
        tree = [worker, *worker.children()]
        assert kill_orphans(book) == (), "the panel that keeps them is alive"
        panel.kill()
        panel.wait()
        assert len(tree) == 2
        assert all(process.is_running() for process in tree)
        ended = kill_orphans(book)
    assert len(ended) == 2
    assert {one.code for one in ended} == {"orphan.ended"}
    assert psutil.wait_procs(tree, timeout=60)[1] == []
    assert kill_orphans(book) == ()
