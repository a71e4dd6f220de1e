"""The settings of the scheduler, for the user and for experiments."""

import msgspec

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.limits import Power
from ollama_panel.core.notices import Notice
from ollama_panel.core.records import RequestClass
from ollama_panel.core.roles import PoolPlan
from ollama_panel.core.scheduling.curve import Curve
from ollama_panel.core.scheduling.slo import Slo
from ollama_panel.core.settings.tree import ProxySettings, Settings
from ollama_panel.core.settings.tree_scheduling import Adjust, SchedulingSettings

_PROXY = ProxySettings()
_SCHEDULING = SchedulingSettings()

HEARTBEAT_US = 3_500_000
"""The pause before the first heartbeat of a stream and between any two: httpx gives up after 5 s without a byte."""
PLAIN_HEARTBEAT_US = 20_000_000
"""The first heartbeat of a response that is no stream comes so long after its request, because it fixes the status."""


class Policy(msgspec.Struct, frozen=True):
    """Times are in microseconds, 0 = none. A field that is also a setting has the setting's default: see `of`.

    `queue_bytes` limits the bodies that wait. `heartbeat_after_us` is also the interval between heartbeats; those of
    responses that are no streams begin `heartbeat_plain_after_us` after the arrival.
    `no_instance_grace_us` is how long requests wait while no instance answers at all, `lost_after_us` how long one may
    stay in flight at an instance that is down. `max_attempts` is the retry budget for attempts that may have done
    work; those that never reached a runner (refused connections, "server busy") cost only time: `max_turned_away`.

    `weights`, `classes` and `limits` are the rules for clients by their lasting names (`core.client_rules`): the share
    relative to 1, the class of all requests, and how many run at once at most. For `chat_memory_us` after a chat
    request, batch work leaves `reserved_slots` slots of the model free, prefills one prompt at a time, and is preempted
    before its first byte at most `max_preemptions` times; it still gets `batch_share` of the GPU time. `slos` are
    those of the pools. While there is a `power`, at most `power_slots` requests of a copy run at once, 0 = half of its
    slots, unless `spare_machine` is off. `adjust_slots`: no more run at once than make it faster, by the `curves` of
    tunings or by trying. `swaps`: unload models for others that are waited for; a model with work stays for at least
    `dwell_us`. `pools` are those of the settings; their workers serve each other's requests, but embedding workers only
    their own unless `chats_on_embedding`. `split_embeddings`: requests with many inputs may be sent in parts.
    `pool_left_out`: a mistake in the settings file cost one, so that nobody has decided who has no worker.
    `given` says why requests wait while the GPU is given to others, None while it is not; the user's pause is `paused`.
    """

    queue_limit: int = _PROXY.queue_limit
    queue_bytes: int = 1 << 30
    queue_timeout_us: int = round(_PROXY.queue_timeout_s * 1e6)
    heartbeat_after_us: int = HEARTBEAT_US
    heartbeat_plain_after_us: int = PLAIN_HEARTBEAT_US
    paused: bool = False
    no_instance_grace_us: int = 60_000_000
    lost_after_us: int = 5_000_000
    max_attempts: int = 4
    max_turned_away: int = 40
    weights: dict[str, float] = {}
    classes: dict[str, RequestClass] = {}
    limits: dict[str, int] = {}
    reserved_slots: int = _SCHEDULING.reserved_slots
    chat_memory_us: int = 300_000_000
    max_preemptions: int = _SCHEDULING.max_preemptions
    batch_share: float = _SCHEDULING.batch_share
    slos: dict[PoolName, Slo] = {}
    spare_machine: bool = _SCHEDULING.spare_machine
    power_slots: int = _SCHEDULING.power_slots
    power: Power | None = None
    adjust_slots: bool = _SCHEDULING.adjust is not Adjust.OFF
    curves: tuple[Curve, ...] = ()
    option_profiles: bool = _SCHEDULING.one_option_set
    fit_context: bool = _SCHEDULING.fit_context
    prefix_affinity: bool = _SCHEDULING.keep_homes
    swaps: bool = _SCHEDULING.swap_models
    dwell_us: int = round(_SCHEDULING.dwell_s * 1e6)
    chats_on_embedding: bool = _SCHEDULING.chats_on_embedding
    split_embeddings: bool = _SCHEDULING.split_embeddings
    pools: tuple[PoolPlan, ...] = PoolPlan.of(Settings().pools)
    pool_left_out: bool = False
    given: Notice | None = None

    @classmethod
    def of(cls, settings: Settings, *, paused: bool = False, pool_left_out: bool = False) -> "Policy":
        """Return the policy that the settings ask for; `paused` is not a setting, it holds for this run only.

        Nor are `power`, `curves` and `given`, which are what is so now.
        """
        proxy, wanted = settings.proxy, settings.scheduling
        return cls(
            queue_limit=proxy.queue_limit,
            queue_timeout_us=round(proxy.queue_timeout_s * 1e6),
            paused=paused,
            weights=wanted.weights,
            classes=wanted.classes,
            limits=wanted.limits,
            reserved_slots=wanted.reserved_slots,
            max_preemptions=wanted.max_preemptions,
            batch_share=wanted.batch_share,
            slos={pool.name: slo for pool in settings.pools if (slo := Slo.of(pool)) is not None},
            spare_machine=wanted.spare_machine,
            power_slots=wanted.power_slots,
            adjust_slots=wanted.adjust is not Adjust.OFF,
            option_profiles=wanted.one_option_set,
            fit_context=wanted.fit_context,
            prefix_affinity=wanted.keep_homes,
            swaps=wanted.swap_models,
            dwell_us=round(wanted.dwell_s * 1e6),
            chats_on_embedding=wanted.chats_on_embedding,
            split_embeddings=wanted.split_embeddings,
            pools=PoolPlan.of(settings.pools),
            pool_left_out=pool_left_out,
        )

    @property
    def holds(self) -> bool:
        """Whether no request is dispatched: the user has paused the queue, or the GPU is given to others."""
        return self.paused or self.given is not None

    def curve(self, pool: PoolName, model: ModelName) -> Curve | None:
        """Return the measured curve of a model in a pool, None if there is none."""
        return next((one for one in self.curves if one.pool == pool and one.model == model), None)
