from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.records import LoadOptions
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.option_profiles import OptionProfiles
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.models import GEMMA_27B
from tests.core.scheduling.script import LLAMA, Script, job, options

MINUTE = 60_000_000
SERVED = 4096


def asked(num_ctx: int | None, client: str = "ann", path: str = "/api/chat"):
    seconds = LoadOptions(num_ctx=num_ctx) if num_ctx else LoadOptions()
    made = job("one", client, options=seconds)
    return made.__class__(**{name: getattr(made, name) for name in made.__struct_fields__} | {"path": path})


def test_a_smaller_context_is_dropped():
    profiles = OptionProfiles()
    small = asked(2048)
    profiles.note(small, None, SERVED, 0)
    assert profiles.replacement(small) == LoadOptions()
    assert profiles.raised == {}


def test_a_larger_context_is_raised_once_for_everybody():
    profiles = OptionProfiles()
    profiles.note(asked(6000), None, SERVED, 0)
    assert profiles.replacement(asked(None)) == options(8192)
    profiles.note(asked(7000), None, SERVED, 0)
    profiles.note(asked(5000), None, SERVED, 0)
    assert profiles.raised == {LLAMA: 8192}


def test_growing_contexts_raise_it_a_few_times_only():
    profiles, seen = OptionProfiles(), set()
    for context in range(4096, 65_536, 100):
        profiles.note(asked(context), None, SERVED, 0)
        seen.add(profiles.profile(LLAMA))
    assert len(seen) == 5


def test_no_context_beyond_what_the_model_was_trained_for():
    profiles = OptionProfiles()
    profiles.note(asked(100_000), ModelFacts(LLAMA, context_trained=32_768), SERVED, 0)
    assert profiles.raised == {LLAMA: 32_768}


def test_no_context_beyond_the_memory():
    profiles = OptionProfiles()
    profiles.note(asked(100_000), None, SERVED, 0, fits=20_000)
    assert profiles.raised == {LLAMA: 16_384}
    profiles.note(asked(100_000), None, SERVED, 0, fits=3000)
    assert profiles.raised == {LLAMA: 16_384}


def test_a_context_is_limited_while_neither_memory_nor_trained_context_is_known():
    profiles = OptionProfiles()
    profiles.note(asked(10**12), None, SERVED, 0)
    assert profiles.raised == {LLAMA: 65_536}
    profiles.note(asked(2048), ModelFacts(LLAMA, context_trained=32_768), SERVED, 0)
    assert profiles.raised == {LLAMA: 32_768}


def test_a_request_that_asks_for_what_it_gets_is_left_alone():
    assert OptionProfiles().replacement(asked(None)) is None


def test_all_other_options_are_replaced():
    profiles = OptionProfiles(num_batch=256)
    wild = job("one", options=LoadOptions(num_thread=2, num_gpu=0))
    profiles.note(wild, None, SERVED, 0)
    assert profiles.replacement(wild) == LoadOptions(num_batch=256)


def test_the_client_that_would_cause_reloads_is_named():
    profiles = OptionProfiles()
    for _ in range(3):
        profiles.note(asked(2048, "aider"), None, SERVED, 0)
    profiles.note(asked(None, "ann"), None, SERVED, 0)
    offender = profiles.offenders["aider", LLAMA]
    assert (offender.client, offender.times, offender.asked.num_ctx) == ("aider", 3, 2048)
    assert len(profiles.offenders) == 1


def test_no_context_is_raised_while_clients_that_cannot_carry_options_are_active():
    profiles = OptionProfiles()
    profiles.note(asked(None, path="/v1/chat/completions"), None, SERVED, 0)
    profiles.note(asked(16_384), None, SERVED, MINUTE)
    assert profiles.raised == {}
    profiles.note(asked(16_384), None, SERVED, 11 * MINUTE)
    assert profiles.raised == {LLAMA: 16_384}


def test_a_context_of_the_modelfile_is_what_the_model_has():
    profiles = OptionProfiles()
    profiles.note(asked(4096), ModelFacts(LLAMA, num_ctx=8192), SERVED, 0)
    assert profiles.raised == {}


def test_requests_of_one_model_go_out_with_one_set_of_options():
    script = Script()
    script.up(parallel=4, context_length=4096)
    script.loaded()
    for number, context in enumerate((2048, 8192, 4096, 8192)):
        script.arrive(job(f"r{number}", f"client{number}", options=options(context)))
    sent = [script.placements[f"r{number}"].options for number in range(1, 4)]
    assert sent == [None, options(8192), None]


def test_option_profiles_can_be_switched_off():
    script = Script(Policy(option_profiles=False))
    script.warm()
    script.arrive(job("one", options=options(2048)))
    assert script.placements["one"].options is None


def test_a_context_that_fits_because_of_a_sliding_window_is_given():
    """With full attention, no more than 15,000 tokens of it would fit into 24 GiB."""
    script = Script()
    script.tell(say.CatalogRead((GEMMA_27B,)))
    script.tell(say.MemoryMeasured(24 * GIB, 24 * GIB))
    script.up(parallel=1, context_length=4096)
    script.arrive(job("one", model=GEMMA_27B.name, options=options(32_768)))
    assert script.scheduler.state.profiles.profile(GEMMA_27B.name) == options(32_768)


def test_whose_options_would_reload_a_model_can_be_read():
    script = Script()
    script.up(context_length=4096)
    script.loaded()
    for number in range(3):
        script.arrive(job(f"r{number}", "aider", options=options(2048)))
    (offender,) = script.scheduler.offenders()
    assert (offender.client, offender.model, offender.times, offender.asked) == ("aider", LLAMA, 3, options(2048))
