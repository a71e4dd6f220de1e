"""The part of the table of the panel's API that is about the recording of the run; see `routes`."""

from ollama_panel.core.panel_api import V1
from ollama_panel.core.recording import RecordingRecord, SavedRecording
from ollama_panel.core.settings.tree import Scope
from ollama_panel.proxy.panel_api import recording
from ollama_panel.proxy.panel_api.call import Operation

_PATH = f"{V1}/recording"
OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", _PATH, recording.show, "The recording of this run", {200: RecordingRecord}),
    Operation(
        "POST",
        _PATH,
        recording.begin,
        "Begin to record this run: names, lengths and times, no content",
        {200: RecordingRecord},
        Scope.CONTROL,
        errors=(500,),
    ),
    Operation(
        "DELETE", _PATH, recording.end, "End the recording", {200: RecordingRecord}, Scope.CONTROL, errors=(500,)
    ),
    Operation(
        "POST",
        f"{_PATH}/save",
        recording.save,
        "Save the last ten minutes as a recording",
        {200: SavedRecording},
        Scope.CONTROL,
        errors=(409, 500),
    ),
)
