from ollama_panel.core.gpu_use import QUIET_S, others_use

OURS = frozenset({10, 11})


def test_the_driver_tells_what_each_process_uses() -> None:
    processes = ({10: 90.0, 20: 5.0, 21: 3.0}, {30: 60.0})
    assert others_use(processes, (98.0, 60.0), OURS, works=True, idle_s=0.0) == 60.0
    assert others_use(({10: 90.0},), (90.0,), OURS, works=True, idle_s=0.0) == 0.0
    assert others_use(({20: 70.0, 21: 70.0},), (100.0,), OURS, works=False, idle_s=0.0) == 100.0
    assert others_use(({},), (0.0,), OURS, works=False, idle_s=0.0) == 0.0


def test_a_driver_that_counts_processes_otherwise_tells_nothing_while_the_panel_works() -> None:
    assert others_use(({20010: 90.0},), (90.0,), OURS, works=True, idle_s=0.0) is None
    assert others_use(({20010: 90.0},), (90.0,), OURS, works=False, idle_s=0.0) == 90.0


def test_a_whole_card_tells_of_others_only_while_the_panel_is_idle() -> None:
    assert others_use(None, (35.0, None), OURS, works=False, idle_s=QUIET_S) == 35.0
    assert others_use(None, (35.0,), OURS, works=False, idle_s=QUIET_S - 1) is None
    assert others_use(None, (35.0,), OURS, works=True, idle_s=QUIET_S) is None


def test_a_card_that_tells_nothing_is_unknown() -> None:
    assert others_use(None, (None,), OURS, works=False, idle_s=60.0) is None
    assert others_use(None, (), OURS, works=False, idle_s=60.0) is None
