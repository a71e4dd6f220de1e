"""How fast answers come, roughly: what is read for each token divided by the bandwidth of the memory.

    tokens/s of one answer = share of the bandwidth that is used x bandwidth / bytes read for a token
    bytes read for a token = weights (of a model with experts, of those that it is sent to) + its context in the cache
    requests/s             = 1 / (new prompt tokens / reading speed + answer tokens / tokens/s of all together)

It is the usual roofline of writing text, which waits for memory; shares and gains are in `hardware`. A prompt is read
by computing, so its speed is scaled from a published one by the number of parameters.
"""

import re
from collections.abc import Mapping, Sequence
from statistics import median

import msgspec

from ollama_panel.core.advice.hardware import EXPERTS_GAIN, EXPERTS_SHARE, GAINS, Gain, used_share
from ollama_panel.core.advice.machines import MachineFacts
from ollama_panel.core.advice.uses import Needs
from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.hardware import HardwareKind
from ollama_panel.core.ollama.kvcache import cache_bytes
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.snapshot import RequestRecord, RequestState

_FEWEST_ANSWERS = 3
_FEWEST_TOKENS = 20
_BATCH = 512

_UNITS = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}


class Measurement(msgspec.Struct, frozen=True):
    """What answers of a model were measured here: how many, and their median tokens per second."""

    answers: int
    tokens_per_s: float


class Speed(msgspec.Struct, frozen=True):
    """The speed of a model on a machine; None = unknown. `bytes_read` are those for one token.

    `formula` is the speed of one answer by the table, with the `share` of the bandwidth that it uses; `alone` is what
    counts: that measured here, else the table's. `together` are the tokens per second of all answers at once, `at_once`
    of them; `source` says how that was found.
    """

    model: ModelName
    bytes_read: int
    formula: float | None
    measured: Measurement | None
    at_once: int
    gain: float
    together: float | None
    requests: float | None
    prompt_s: float | None
    source: Notice
    share: float = 0.0

    @property
    def alone(self) -> float | None:
        """The tokens per second of one answer that is alone."""
        return self.measured.tokens_per_s if self.measured else self.formula

    @property
    def each(self) -> float | None:
        """The tokens per second of each of the answers."""
        return None if self.together is None else self.together / self.at_once


def measured(finished: Sequence[RequestRecord]) -> dict[ModelName, Measurement]:
    """Return what the finished requests of this machine show, by model: the speed from the first byte to the end.

    Answers in one piece and very short ones do not count; of fewer than three nothing is said.
    """
    rates: dict[ModelName, list[float]] = {}
    for one in finished:
        if one.first_byte is None or one.finished is None or not one.stream or one.state is not RequestState.DONE:
            continue
        seconds, tokens = one.finished - one.first_byte, one.output_tokens or 0
        if tokens >= _FEWEST_TOKENS and seconds > 0:
            rates.setdefault(one.model, []).append(tokens / seconds)
    return {
        model: Measurement(len(found), median(found)) for model, found in rates.items() if len(found) >= _FEWEST_ANSWERS
    }


def gain_of(machine: MachineFacts, facts: ModelFacts) -> Gain:
    """Return what several answers at once gain there with a model."""
    gain = GAINS[machine.speed_kind]
    if facts.experts_used and machine.speed_kind in (HardwareKind.CUDA, HardwareKind.SERVER, HardwareKind.GB10):
        return Gain(EXPERTS_GAIN, gain.most, notice("advise.source_experts"))
    return gain


def slowest(models: Sequence[ModelFacts], needs: Needs) -> ModelFacts:
    """Return the model of several whose answers come most slowly."""
    return max(models, key=lambda one: bytes_read(one, needs) / (EXPERTS_SHARE if active_share(one) < 1 else 1.0))


def bytes_read(facts: ModelFacts, needs: Needs) -> int:
    """Return the bytes that are read for one token: active weights, and the cache of a prompt and half its answer.

    Of the tables that stay in main memory a token reads one row.
    """
    cached = needs.prompt + needs.answer // 2
    return int((facts.size - facts.host_size) * active_share(facts)) + (cache_bytes(facts, cached, 1, _BATCH) or 0)


def active_share(facts: ModelFacts) -> float:
    """Return the share of the weights that is read for a token: 1 unless a model has experts and its layout is known.

    Parameters of a layer: queries, keys, values and output of attention, and three matrices of each expert in use; and
    once the output layer. Qwen3-Coder 30B comes to 10 % (3.0 of 30.5 billion), gpt-oss 20B to 17 % (3.6 of 20.9).
    """
    whole, width = billions(facts), facts.embedding_length
    if not (facts.experts_used and whole and width and facts.layers and facts.heads and facts.kv_heads):
        return 1.0
    head = facts.key_length or width // facts.heads
    attention = 2 * width * head * (facts.heads + max(facts.kv_heads))
    experts = 3 * width * (facts.expert_feed_forward or facts.feed_forward or 0) * facts.experts_used
    active = facts.layers * (attention + experts) + width * (facts.vocabulary or 0)
    return min(1.0, active / (whole * 1e9)) if experts else 1.0


def billions(facts: ModelFacts) -> float | None:
    """Return the parameters of a model in billions: 8.03 for `8.03B`, None if it does not say."""
    found = re.fullmatch(r"(?:(\d+)X)?(\d+(?:\.\d+)?)([KMBT])", facts.parameter_size.strip().upper())
    return int(found[1] or 1) * float(found[2]) * _UNITS[found[3]] / 1e9 if found else None


def rough(value: float) -> float:
    """Return a value with the two digits that count."""
    return float(f"{value:.2g}")


def speed_of(
    machine: MachineFacts,
    facts: ModelFacts,
    needs: Needs,
    at_once: int,
    here: Mapping[ModelName, Measurement] | None = None,
    *,
    workers: int = 1,
) -> Speed:
    """Return the speed of `at_once` answers of a model; those of several `workers` share the machine without a gain."""
    gain, read = gain_of(machine, facts), bytes_read(facts, needs)
    known, found = machine.hardware, (here or {}).get(facts.name)
    share = used_share(known) * (EXPERTS_SHARE if active_share(facts) < 1 else 1.0) if known else 0.0
    formula = share * known.bandwidth * 1e9 / read if known and read else None
    alone = found.tokens_per_s if found else formula
    factor = gain.at(max(1, at_once // workers))
    together = alone * factor if alone is not None else None
    prompt_s = _prompt_seconds(machine, facts, needs)
    requests = None
    if together is not None:
        requests = 1 / ((prompt_s or 0.0) + needs.answer / together)
    source = notice("advise.source_turns") if at_once == workers > 1 else gain.source
    return Speed(facts.name, read, formula, found, at_once, factor, together, requests, prompt_s, source, share)


def _prompt_seconds(machine: MachineFacts, facts: ModelFacts, needs: Needs) -> float | None:
    """Return how long the new part of a prompt is read, None if no reading speed of this hardware was published."""
    published, size = machine.hardware.measured if machine.hardware else None, billions(facts)
    if published is None or published.prompt_per_s is None or not size:
        return None
    rate = published.prompt_per_s * published.billions / (size * active_share(facts))
    return needs.prompt / rate
