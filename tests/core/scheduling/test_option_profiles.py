import pytest

from ollama_panel.core.ids import ClientId
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.records import LoadOptions
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.context import ANY, OWN, ContextNeed, need_of
from ollama_panel.core.scheduling.option_profiles import OptionProfiles
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.models import GEMMA_27B
from tests.core.scheduling.script import LLAMA, Script, job, options

MINUTE = 60_000_000
SERVED = 4096


def note(profiles, num_ctx=None, client="ann", path="/api/chat", now=0, **more):
    one = job("one", client, path=path, options=LoadOptions(num_ctx=num_ctx, **more))
    need = need_of(one, SERVED, None)
    profiles.note(one, need, SERVED, now)
    return need


def context(profiles, need=ANY, trained=None, room=None, now=0):
    return profiles.context(LLAMA, need, SERVED, trained, room, now)


def test_a_smaller_context_is_dropped():
    profiles = OptionProfiles()
    assert context(profiles, note(profiles, 2048)) is None
    assert profiles.asking(LLAMA, 0) == {}


def test_a_larger_context_is_raised_for_everybody_in_powers_of_two():
    profiles = OptionProfiles()
    assert context(profiles, note(profiles, 6000)) == 8192
    assert context(profiles, note(profiles, 7000, "bob")) == 8192
    assert context(profiles, note(profiles, 5000, "eve")) == 8192
    assert context(profiles) == 8192
    assert context(profiles, now=11 * MINUTE) is None


def test_growing_contexts_raise_it_a_few_times_only():
    profiles = OptionProfiles()
    seen = {context(profiles, note(profiles, asked)) for asked in range(4097, 65_536, 100)}
    assert seen == {8192, 16_384, 32_768, 65_536}


def test_no_context_beyond_what_the_model_was_trained_for():
    profiles = OptionProfiles()
    assert context(profiles, note(profiles, 20_000), trained=24_576) == 24_576


@pytest.mark.parametrize(
    ("room", "given"), [(40_000, 32_768), (31_000, 20_224), (17_000, 20_224), (None, 32_768), (20_224, 20_224)]
)
def test_what_is_raised_for_others_stays_within_the_memory_but_never_below_the_need(room, given):
    profiles = OptionProfiles()
    assert context(profiles, note(profiles, 20_000), room=room) == given


def test_a_context_that_others_asked_for_is_left_out_if_both_together_do_not_fit():
    profiles = OptionProfiles()
    note(profiles, 60_000, "bob")
    assert context(profiles, note(profiles, 6000), room=20_000) == 8192


def test_a_request_that_could_have_any_context_gets_the_own_one_while_some_clients_cannot_ask():
    profiles = OptionProfiles()
    note(profiles, 8192)
    note(profiles, client="web", path="/v1/chat/completions", now=MINUTE)
    assert context(profiles, now=2 * MINUTE) is None
    assert context(profiles, ContextNeed(8192), now=2 * MINUTE) == 8192
    assert profiles.not_asking(LLAMA, 2 * MINUTE) == ("web",)
    note(profiles, 8192, now=12 * MINUTE)
    assert context(profiles, now=12 * MINUTE) == 8192


def test_an_exact_context_is_given_as_it_is():
    assert context(OptionProfiles(), ContextNeed(512, exact=True)) == 512
    assert context(OptionProfiles(), ContextNeed(0, exact=True)) == 0
    assert context(OptionProfiles(), ContextNeed(SERVED, exact=True)) is None
    assert context(OptionProfiles(), OWN) is None


def test_a_request_that_asks_for_what_it_gets_is_left_alone():
    assert OptionProfiles().replacement(job("one"), None) is None
    assert OptionProfiles().replacement(job("one", options=options(8192)), 8192) is None


def test_all_other_options_are_replaced():
    wild = job("one", options=LoadOptions(num_thread=2, num_gpu=0))
    assert OptionProfiles().replacement(wild, None, 256) == LoadOptions(num_batch=256)
    assert OptionProfiles().replacement(wild, 8192) == LoadOptions(num_ctx=8192)


def test_the_client_that_would_cause_reloads_is_named():
    profiles = OptionProfiles()
    for _ in range(3):
        note(profiles, 2048, "aider")
    note(profiles, None, "ann")
    note(profiles, SERVED, "bob")
    note(profiles, None, "eve", num_gpu=0)
    assert {one: offender.times for one, offender in profiles.offenders.items()} == {
        ("aider", LLAMA): 3,
        ("eve", LLAMA): 1,
    }
    assert profiles.offenders[ClientId("aider"), LLAMA].asked == options(2048)


def test_only_the_latest_clients_are_remembered():
    profiles = OptionProfiles()
    for number in range(300):
        note(profiles, 8192 + number, f"client {number}")
        note(profiles, client=f"web {number}", path="/v1/messages")
    assert [len(profiles.asking(LLAMA, 0)), len(profiles.not_asking(LLAMA, 0)), len(profiles.offenders)] == [
        64,
        64,
        256,
    ]


def test_option_profiles_can_be_switched_off():
    script = Script(Policy(option_profiles=False))
    script.warm()
    script.arrive(job("one", options=options(2048)))
    script.arrive(job("two", options=options(16_384)))
    assert [script.placements[one].options for one in ("one", "two")] == [None, None]


def test_a_context_that_fits_because_of_a_sliding_window_is_given():
    """With full attention, no more than 15,000 tokens of it would fit into 24 GiB."""
    script = Script()
    script.tell(say.CatalogRead((GEMMA_27B,)))
    script.tell(say.MemoryMeasured(24 * GIB, 24 * GIB))
    script.up(parallel=1, context_length=4096)
    script.arrive(job("one", model=GEMMA_27B.name, options=options(30_000)))
    assert script.placements["one"].options == options(32_768)


def test_whose_options_would_reload_a_model_can_be_read():
    script = Script()
    script.up(context_length=4096)
    script.loaded()
    for number in range(3):
        script.arrive(job(f"r{number}", "aider", options=options(2048)))
    (offender,) = script.scheduler.offenders()
    assert (offender.client, offender.model, offender.times, offender.asked) == ("aider", LLAMA, 3, options(2048))
