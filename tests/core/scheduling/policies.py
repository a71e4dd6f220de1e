"""The policies between which the random world changes."""

from msgspec.structs import replace

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import notice
from ollama_panel.core.records import RequestClass, Role
from ollama_panel.core.roles import PoolPlan
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.slo import Slo

CHAT, EMBEDDING = PoolName("chat"), PoolName("embedding")
POLICY = Policy(queue_limit=60, queue_timeout_us=600_000_000, max_attempts=3)
POLICIES = (
    POLICY,
    replace(POLICY, paused=True),
    replace(POLICY, given=notice("waiting.given")),
    replace(POLICY, heartbeat_after_us=0),
    replace(POLICY, queue_timeout_us=30_000_000, queue_bytes=20_000),
    replace(POLICY, queue_limit=8, queue_bytes=10_000),
    replace(POLICY, slos={CHAT: Slo(token_us=20_000)}, adjust_slots=True, reserved_slots=2, batch_share=0.5),
    replace(POLICY, weights={"a": 2.0, "b": 0.5}, prefix_affinity=False),
    replace(POLICY, limits={"a": 1, "b": 3}),
    replace(POLICY, classes={"a": RequestClass.BATCH, "b": RequestClass.INTERACTIVE}),
    replace(POLICY, classes={"a": RequestClass.EMBEDDING}, limits={"a": 2}, weights={"a": 3.0}),
    replace(POLICY, limits={"a": 2, "c": 1}, swaps=False),
    replace(POLICY, swaps=False, option_profiles=False, chat_memory_us=0),
    replace(POLICY, chats_on_embedding=True),
    replace(
        POLICY, pools=(PoolPlan(PoolName("chat"), Role.CHAT, 0), PoolPlan(PoolName("embedding"), Role.EMBEDDING, 2))
    ),
)
