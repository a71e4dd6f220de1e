import pytest

from ollama_panel.core.disk_space import Disk, DiskSpace
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.sizes import GIB


def disk(free_gib: float, total_gib: int = 500, path: str = "/srv", *, models: bool = True) -> Disk:
    return Disk(path, int(free_gib * GIB), total_gib * GIB, models)


@pytest.mark.parametrize(
    ("free", "total", "low"),
    [(9, 500, True), (11, 500, False), (9, 100, False), (4, 100, True), (200, 5000, False), (0, 20, True)],
)
def test_a_disk_is_nearly_full_if_both_little_and_a_small_share_is_free(free: int, total: int, low: bool) -> None:
    assert bool(DiskSpace().alerts([disk(free, total)], 1.0)) is low


def test_it_says_what_cannot_be_done_then() -> None:
    store, state = DiskSpace().alerts([disk(3), disk(2, path="/home/me", models=False)], 1.0)
    assert render(store.told).startswith("/srv: 3.0 GiB of 500.0 GiB are free. Models cannot be pulled")
    assert render(state.told).startswith("/home/me: 2.0 GiB of 500.0 GiB are free. The panel's settings and logs")


def test_it_does_not_come_and_go_at_the_limit() -> None:
    space = DiskSpace()
    found = [space.alerts([disk(free)], now) for now, free in enumerate((10.5, 9.9, 10.1, 11.9, 12.1, 11.9))]
    assert [len(one) for one in found] == [0, 1, 1, 1, 0, 0]
    assert {one.since for told in found for one in told} == {1}
