"""The part of the table of the panel's API that is about tuning; see `routes`."""

from ollama_panel.core.panel_api import V1, SettingsChanged, TuningAnswer, TuningPlan, Tunings
from ollama_panel.core.settings.tree import Scope
from ollama_panel.core.tuning.choice import NewTuning
from ollama_panel.core.tuning.record import TuningRecord
from ollama_panel.proxy.panel_api import tuning
from ollama_panel.proxy.panel_api.call import Operation

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "POST",
        f"{V1}/tuning",
        tuning.begin,
        "Measure which settings of a pool are the best, or go on with that; 200: what it would do",
        {200: TuningPlan, 202: TuningRecord},
        Scope.CONTROL,
        query=tuning.TuningQuery,
        body=NewTuning,
        errors=(404, 409, 500),
    ),
    Operation(
        "GET", f"{V1}/tuning", tuning.show, "The tuning under way, or the last one of this run", {200: TuningAnswer}
    ),
    *(
        Operation(
            "POST", f"{V1}/tuning/{name}", handler, summary, {200: TuningAnswer}, Scope.CONTROL, errors=(409, 500)
        )
        for name, handler, summary in (
            ("pause", tuning.pause, "Pause the tuning; the former settings are in force meanwhile"),
            ("resume", tuning.resume, "Go on with a tuning that is paused or waits"),
            ("cancel", tuning.cancel, "End the tuning; the former settings are in force again"),
        )
    ),
    Operation("GET", f"{V1}/tunings", tuning.show_all, "The tunings that have ended", {200: Tunings}),
    Operation("GET", f"{V1}/tunings/{{id}}", tuning.show_one, "One tuning", {200: TuningRecord}, errors=(404,)),
    Operation(
        "POST",
        f"{V1}/tunings/{{id}}/apply",
        tuning.apply,
        "Put the best settings that a tuning has found into force",
        {200: SettingsChanged},
        Scope.CONTROL,
        query=tuning.ApplyQuery,
        errors=(404, 409, 500),
        tagged=True,
    ),
)
