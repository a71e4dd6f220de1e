"""How a value is made of what was found."""

from ollama_panel.core.effective.evidence import Evidence, first, first_reason, value
from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.effective_value import Source, Unit, ValueName
from ollama_panel.core.ollama.engines import Engine
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource

MODEL = LoadedModel(ModelName("m:latest"), 1, 0, None, 1, ParallelSource.UNKNOWN)
WHY, UNKNOWN = notice("value.kv_needs_flash"), notice("value.log_silent")


def test_the_first_source_that_knows_counts_also_if_it_says_zero_or_no():
    assert first((None, Source.LOG), (0, Source.COMMAND), (1, Source.PS)) == (0, Source.COMMAND)
    assert first((False, Source.LOG), (True, Source.PS)) == (False, Source.LOG)
    assert first((None, Source.LOG)) == (None, None)


def test_a_value_has_a_reason_only_if_it_is_unknown_or_not_the_wanted_one():
    made = value(ValueName.THREADS, (4, Source.LOG), wanted=2, unknown=UNKNOWN, differs=WHY)
    assert (made.unit, made.why_not) == (Unit.THREADS, WHY)
    assert value(ValueName.THREADS, (2, Source.LOG), wanted=2, unknown=UNKNOWN, differs=WHY).why_not is None
    lacking = value(ValueName.THREADS, (None, Source.LOG), wanted=2, unknown=UNKNOWN, differs=WHY)
    assert (lacking.source, lacking.why_not) == (None, UNKNOWN)
    assert first_reason([(0, WHY), (True, UNKNOWN)]) is UNKNOWN
    assert first_reason([(None, WHY)]) is None


def test_the_engine_follows_from_the_format_and_the_version_where_no_runner_is_seen():
    assert Evidence(MODEL, ModelFacts(MODEL.name, format="safetensors")).engine is Engine.MLX
    assert Evidence(MODEL, ModelFacts(MODEL.name), version="0.32.1").engine is Engine.LLAMA_SERVER
    assert Evidence(MODEL, ModelFacts(MODEL.name), version="0.0.0").engine is None


def test_variables_are_as_ollama_takes_them_and_may_all_be_unknown():
    evidence = Evidence(MODEL, ModelFacts(MODEL.name), environment={"LLAMA_ARG_THREADS": ' "4" '})
    assert (evidence.variable("LLAMA_ARG_THREADS"), evidence.count("LLAMA_ARG_THREADS")) == ("4", 4)
    assert Evidence(MODEL, ModelFacts(MODEL.name)).variable("LLAMA_ARG_THREADS") == ""
