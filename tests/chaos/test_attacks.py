"""Each attack once, in short: no request of the traffic is lost, wrong or late, and the panel ends cleanly."""

import pytest

from tests.chaos.attacks import ATTACKS
from tests.chaos.target import Target


@pytest.mark.parametrize("attack", [one for one in ATTACKS if not one.slow], ids=lambda one: one.name)
async def test_no_request_is_lost_while(attack, tmp_path):
    async with Target(tmp_path).attacked() as target:
        await target.traffic.answered(20)
        await attack.run(target, 1)
    assert attack.faults(target.traffic.tally) == []
