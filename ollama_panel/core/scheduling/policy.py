"""What the user, and the experiments, may set of the scheduler."""

import msgspec

from ollama_panel.core.settings.tree import ProxySettings, SchedulingSettings, Settings

_PROXY = ProxySettings()
_SCHEDULING = SchedulingSettings()


class Policy(msgspec.Struct, frozen=True):
    """Times in microseconds, 0 = none. What the settings have takes its default from there: see `of`.

    `heartbeat_after_us` is also the pause between heartbeats. `no_instance_grace_us` is how long requests wait while no
    instance answers at all, `lost_after_us` how long a request may stay in flight at an instance that is gone.
    `max_attempts` counts attempts that may have done work; those that never reached a runner (refused connections,
    "server busy") cost only time and are bounded by `max_turned_away`.

    `weights`: share of a client relative to 1. While a chat was seen within `chat_memory_us`, batch work leaves
    `reserved_slots` slots of the model free, reads one prompt at a time, and gives way before its first byte at most
    `max_preemptions` times; `batch_share` of the GPU time is its own all the same. `promise_us` is the time per output
    token that the limiter keeps (0 = no limit). `num_batch` is set for every request, so that it never differs (None =
    not set). `swaps`: unload models for others that wait; one stays for `dwell_us` at least while it has work.
    """

    queue_limit: int = _PROXY.queue_limit
    queue_bytes: int = 1 << 30
    queue_timeout_us: int = round(_PROXY.queue_timeout_s * 1e6)
    heartbeat_after_us: int = 10_000_000
    paused: bool = False
    no_instance_grace_us: int = 60_000_000
    lost_after_us: int = 5_000_000
    max_attempts: int = 4
    max_turned_away: int = 40
    weights: dict[str, float] = {}
    reserved_slots: int = _SCHEDULING.reserved_slots
    chat_memory_us: int = 300_000_000
    max_preemptions: int = _SCHEDULING.max_preemptions
    batch_share: float = _SCHEDULING.batch_share
    promise_us: int = round(_SCHEDULING.token_time_ms * 1e3)
    num_batch: int | None = None
    option_profiles: bool = _SCHEDULING.one_option_set
    prefix_affinity: bool = _SCHEDULING.keep_homes
    swaps: bool = _SCHEDULING.swap_models
    dwell_us: int = round(_SCHEDULING.dwell_s * 1e6)

    @classmethod
    def of(cls, settings: Settings, *, paused: bool = False) -> "Policy":
        """Return what the settings say; `paused` is the user's for this run."""
        proxy, wanted = settings.proxy, settings.scheduling
        return cls(
            queue_limit=proxy.queue_limit,
            queue_timeout_us=round(proxy.queue_timeout_s * 1e6),
            paused=paused,
            weights=wanted.weights,
            reserved_slots=wanted.reserved_slots,
            max_preemptions=wanted.max_preemptions,
            batch_share=wanted.batch_share,
            promise_us=round(wanted.token_time_ms * 1e3),
            option_profiles=wanted.one_option_set,
            prefix_affinity=wanted.keep_homes,
            swaps=wanted.swap_models,
            dwell_us=round(wanted.dwell_s * 1e6),
        )
