"""`/panel/v1/tuning` and `/panel/v1/tunings`: measuring which settings of a pool are the best."""

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import TuningAnswer, TuningPlan, Tunings
from ollama_panel.core.settings import forms
from ollama_panel.core.tuning.choice import Choice, NewTuning, choose
from ollama_panel.core.tuning.record import TuningRecord
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.response import Response


class TuningQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to tune; `dry_run`: only say what would be done."""

    dry_run: bool = False


class ApplyQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to apply what a tuning has found; `wait` answers when all instances run with it."""

    wait: bool = False


async def begin(call: Call) -> Response:
    """Begin a tuning, or go on with an interrupted one of the same task; or only say what it would do."""
    query, wanted = call.query(TuningQuery), await call.body(NewTuning)
    choice = await _choice(call, wanted)
    if query.dry_run:
        return await call.answer(TuningPlan(choice.task, choice.why, await call.panel.tuning_preview(choice.task)))
    return await call.answer(await call.panel.tune(choice.task), 202)


async def show(call: Call) -> Response:
    """Answer with the tuning under way, or the last one of this run."""
    return await _answer_present(call)


async def pause(call: Call) -> Response:
    """Pause the tuning."""
    await call.panel.pause_tuning()
    return await _answer_present(call)


async def resume(call: Call) -> Response:
    """Go on with a tuning that is paused or waits."""
    await call.panel.resume_tuning()
    return await _answer_present(call)


async def cancel(call: Call) -> Response:
    """End the tuning."""
    await call.panel.cancel_tuning()
    return await _answer_present(call)


async def show_all(call: Call) -> Response:
    """Answer with the tunings that have ended."""
    return await call.answer(Tunings(await call.panel.tunings()))


async def show_one(call: Call) -> Response:
    """Answer with one tuning, whether it has ended or not."""
    return await call.answer(await _find(call, call.names[0]))


async def apply(call: Call) -> Response:
    """Put what a tuning has found into force."""
    answer = await call.panel.apply_tuning(call.names[0], wait=call.query(ApplyQuery).wait)
    return await call.answer(answer, tag=answer.settings)


async def _choice(call: Call, wanted: NewTuning) -> Choice:
    snapshot = await call.panel.snapshot()
    loaded = dict[PoolName, set[ModelName]]()
    for instance in snapshot.instances:
        loaded.setdefault(instance.pool, set()).update(model.name for model in instance.models)
    return choose(wanted, snapshot.settings, snapshot.models, loaded)


async def _answer_present(call: Call) -> Response:
    return await call.answer(TuningAnswer((await call.panel.snapshot()).tuning))


async def _find(call: Call, name: str) -> TuningRecord:
    present, ended = (await call.panel.snapshot()).tuning, await call.panel.tunings()
    found = next((one for one in (present, *ended) if one is not None and one.id == name), None)
    if found is None:
        raise PanelError(notice("tuning.unknown", tuning=forms.quoted(name)))
    return found
