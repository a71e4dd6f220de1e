"""Takes pictures of the tuning page from tunings that were made: the journal files of the state folder.

    python packaging/tuning_pictures.py FILE... [--out FOLDER] [--size 1280x800] [--theme dark] [--language zh_CN]

Each file is the JSON of a `TuningRecord`: of one that has ended, or is under way. All of them are in the list of
earlier tunings. With `--compare`, the last two files are shown side by side; with `--new` the form of a new tuning.
The fonts are those of the machine: install Inter, and Noto Sans CJK for Chinese. Set QT_SCALE_FACTOR=2 for pictures
with twice the pixels.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

import msgspec

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import qasync

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ollama_panel import app as panel_app
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.settings.tree_window import Theme, WindowSettings
from ollama_panel.core.snapshot import InstanceRecord, ProxyRecord, Snapshot
from ollama_panel.core.tuning.record import ENDED, TuningRecord
from ollama_panel.gui.quit_request import QuitRequest
from ollama_panel.gui.shell import Shell
from ollama_panel.gui.window_state import WindowState
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import MODELS


def read(path: Path) -> TuningRecord:
    """Return the tuning of a journal file."""
    return msgspec.json.decode(path.read_bytes(), type=TuningRecord)


def snapshot_of(record: TuningRecord, window: WindowSettings) -> Snapshot:
    """Return the state of a panel that has made a tuning, on the machine where that was made."""
    known = next((facts for facts in MODELS if facts.name == record.task.model), None)
    facts = known or ModelFacts(record.task.model, "", 0, "")
    return Snapshot(
        at=0.0,
        settings=Settings(pools=(record.settings,), window=window),
        ollama_version=record.provenance.ollama or None,
        proxy=ProxyRecord(on=True, url="http://127.0.0.1:11435", port=11435),
        models=(msgspec.structs.replace(facts, digest=record.provenance.digest),),
        instances=(_worker(record),),
        tuning=record,
    )


def _worker(record: TuningRecord) -> InstanceRecord:
    """Return the worker of the pool, which is well."""
    pool = record.settings
    name, url = InstanceId(f"{pool.name}-1"), "http://127.0.0.1:11600"
    return InstanceRecord(name, pool.name, pool.role, True, url, Phase.READY, 1, 11600, slots=pool.parallel)


async def take(options: argparse.Namespace, application: object, state: Path) -> None:
    """Show each tuning in the window, and write its picture."""
    records = {path.stem: read(path) for path in options.files}
    window = WindowSettings(Theme(options.theme), options.language)
    client = FakeClient(snapshot_of(next(iter(records.values())), window))
    ended = sorted((one for one in records.values() if one.state in ENDED), key=lambda one: -one.provenance.at)
    client.answers["tunings"] = tuple(ended)
    shell = Shell(application, client, QuitRequest(), WindowState(state / "window.ini"), lambda: None)  # type: ignore[arg-type]  # they have what Shell uses
    shell.show()
    width, height = map(int, options.size.split("x"))
    shell.window.resize(width, height)
    shell.window.show_page_named("tuning")
    page = shell.window.tuning
    for name, record in records.items():
        client.push(snapshot_of(record, window))
        if options.new:
            page.buttons.new.click()
        if options.compare and record is [*records.values()][-1]:
            newer, older = ended[:2]
            page.earlier.rows[newer.id].tick.setChecked(True)
            page.earlier.rows[older.id].tick.setChecked(True)
            page.earlier.compare.click()
        await asyncio.sleep(0.5)  # the answers of the client come and are laid out
        path = options.out / f"tuning-{name}-{options.theme}-{options.language}-{options.size}.png"
        shell.window.grab().save(str(path))
        print(f"wrote {path}")
    shell.hide()


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--out", type=Path, default=Path())
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--theme", default="light", choices=["light", "dark"])
    parser.add_argument("--language", default="en")
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--new", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    application = panel_app.make_application()
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop, tempfile.TemporaryDirectory() as state:
        loop.run_until_complete(take(options, application, Path(state)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
