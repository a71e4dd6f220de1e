"""How well an SLO is kept."""

from ollama_panel.core.scheduling.compliance import COUNTED, DANGER_US, FEWEST, Compliance, Miss


def test_the_share_is_that_of_the_last_requests() -> None:
    compliance = Compliance()
    assert compliance.kept is None
    for number in range(COUNTED + 50):
        compliance.add(1.5 if number < 60 else 0.5, 0.0, 0.0, number)
    assert compliance.kept == (COUNTED - 10) / COUNTED
    assert (compliance.met, compliance.missed) == (COUNTED - 10, 60)


def test_the_first_token_counts_from_the_arrival_and_the_longer_part_is_the_reason() -> None:
    compliance = Compliance()
    compliance.add(0.5, 0.4, 0.7, 0)
    compliance.add(0.5, 0.9, 0.2, 1)
    compliance.add(1.1, 0.1, 0.1, 2)
    compliance.add(0.9, 0.5, 0.5, 3)
    assert list(compliance.last) == [Miss.WAIT, Miss.FIRST, Miss.TOKENS, None]


def test_a_request_that_comes_near_its_target_puts_it_in_danger_for_a_while() -> None:
    compliance = Compliance()
    compliance.add(0.5, 0.5, 0.0, 1000)
    assert compliance.danger_until == 0
    compliance.add(0.95, 0.5, 0.0, 1000)
    assert compliance.danger_until == 1000 + DANGER_US


def test_that_requests_wait_too_long_is_told_until_it_is_well_over() -> None:
    compliance = Compliance()
    for _ in range(FEWEST):
        compliance.add(0.0, 0.5, 1.0, 0)
    assert compliance.waits
    for _ in range(8 * FEWEST):
        compliance.add(0.0, 0.5, 0.0, 0)
    assert compliance.waits, "11 % still"
    for _ in range(COUNTED):
        compliance.add(0.0, 0.5, 0.0, 0)
    assert not compliance.waits
