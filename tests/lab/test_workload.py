from ollama_panel.core.records import RequestClass
from ollama_panel.lab.agents import Agent
from ollama_panel.lab.workload import GRAIN, SECOND, Burst, Chat, Flood, GraphRag, Mix, chain, grains


class Recorder:
    """An environment in which every request takes one second."""

    def __init__(self) -> None:
        self.now, self.number, self.requests, self.calls = 0, 0, [], []

    def send(self, planned, then=None):
        planned.arrived = self.now
        self.requests.append(planned)
        if then is not None:
            self.later(SECOND, lambda: then(planned))

    def later(self, delay, call):
        self.number += 1
        self.calls.append((self.now + delay, self.number, call))

    def run(self, client, seconds):
        client.begin(self)
        while self.calls:
            entry = min(self.calls, key=lambda one: one[:2])
            if entry[0] > seconds * SECOND:
                break
            self.calls.remove(entry)
            self.now = entry[0]
            entry[2]()
        return self.requests


def shape(requests):
    return [(planned.id, planned.arrived, planned.prompt, planned.output) for planned in requests]


def test_every_client_does_the_same_again():
    for make in (
        lambda: Burst(20, "m"),
        lambda: Chat("ui", "m", 3),
        lambda: Flood("rag", "m", 3, 4),
        lambda: Mix(1.0, {"a": 1, "b": 2}, 3, 100 * SECOND),
        lambda: Agent("coder", "m", 3),
        lambda: GraphRag("m", "e", 3, chunks=10),
    ):
        assert shape(Recorder().run(make(), 60)) == shape(Recorder().run(make(), 60)) != []


def test_a_turn_of_a_chat_contains_the_turns_before_it():
    requests = Recorder().run(Chat("ui", "m", 3), 200)
    first, second = requests[:2]
    assert second.prompt[: len(first.prompt)] == first.prompt
    assert second.turns[: len(first.turns)] == first.turns
    assert second.reusable == first.tokens + first.output


def test_a_flood_keeps_its_number_of_requests_under_way():
    requests = Recorder().run(Flood("rag", "m", 3, outstanding=5), 10)
    assert len(requests) == 5 * 11
    assert {planned.request_class for planned in requests} == {RequestClass.BATCH}


def test_graphrag_embeds_when_all_chunks_are_done():
    job = GraphRag("m", "e", 3, chunks=40, outstanding=8)
    requests = Recorder().run(job, 100)
    last_chunk = max(planned.arrived for planned in requests if planned.model == "m")
    first_vector = min(planned.arrived for planned in requests if planned.model == "e")
    assert first_vector == last_chunk + SECOND
    assert job.finished == 10 * SECOND


def test_an_agents_prompt_grows_until_its_task_ends():
    requests = Recorder().run(Agent("coder", "m", 3, splits=0.0), 600)
    first_task = [planned.tokens for planned in requests if planned.id.startswith("coder-0-")]
    assert first_task == sorted(first_task)
    assert first_task[0] == 8000
    assert first_task[-1] > 60_000
    assert any(planned.id.startswith("coder-1-") for planned in requests)


def test_an_agents_helpers_go_on_from_where_it_stands_and_are_waited_for():
    requests = Recorder().run(Agent("coder", "m", 3, splits=1.0), 20)
    first, *helpers, second = requests[
        : next(at for at, planned in enumerate(requests) if planned.id == "coder-0-1") + 1
    ]
    assert len(helpers) in (2, 3)
    assert len({planned.arrived for planned in helpers}) == 1
    for helper in helpers:
        assert helper.prompt[: len(first.prompt)] == first.prompt
        assert helper.reusable == first.tokens + first.output
        assert (helper.reply, helper.output) in second.prompt
    assert second.arrived == helpers[0].arrived + SECOND


def test_prompts_are_cut_into_grains_that_begin_alike():
    short, long = grains([(7, 300)]), grains([(7, 300), (8, 50)])
    assert long[: len(short)] == short
    assert sum(length for _, length in long) == 350
    assert max(length for _, length in long) == GRAIN


def test_the_chain_tells_conversations_apart():
    assert chain([(1, 5), (2, 5)])[0] == chain([(1, 5), (3, 5)])[0]
    assert chain([(1, 5), (2, 5)])[1] != chain([(1, 5), (3, 5)])[1]
