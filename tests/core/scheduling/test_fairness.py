from ollama_panel.core.records import RequestClass
from ollama_panel.core.scheduling.fairness import FORGET_ABOVE, Ledger

ANN, BOB = ("ann", RequestClass.BATCH), ("bob", RequestClass.BATCH)


def test_an_idle_client_gets_no_credit_for_its_absence():
    ledger = Ledger()
    ledger.enter(ANN)
    ledger.correct(ANN, ledger.charge(ANN, 100), 100)
    ledger.enter(BOB)
    assert ledger.counter(BOB) == 100


def test_what_is_only_estimated_does_not_count_against_a_newcomer():
    ledger = Ledger()
    ledger.enter(ANN)
    ledger.charge(ANN, 100)
    ledger.enter(BOB)
    assert ledger.counter(BOB) == 0


def test_a_client_alone_keeps_no_debt_over_others_after_all_left():
    ledger = Ledger()
    ledger.enter(ANN)
    ledger.correct(ANN, ledger.charge(ANN, 500), 500)
    ledger.leave(ANN)
    ledger.enter(BOB)
    ledger.enter(ANN)
    assert ledger.counter(ANN) - ledger.counter(BOB) <= 500


def test_weights_divide_the_charge():
    ledger = Ledger(weights={"ann": 2.0})
    ledger.enter(ANN)
    ledger.correct(ANN, ledger.charge(ANN, 100), 60)
    assert ledger.counter(ANN) == 30


def test_an_estimate_is_replaced_by_the_real_cost():
    ledger = Ledger()
    ledger.enter(ANN)
    assert ledger.correct(ANN, ledger.charge(ANN, 100), 40)
    assert not ledger.correct(ANN, ledger.charge(ANN, 100), 140)
    assert ledger.counter(ANN) == 180
    assert ledger.pending == {}


def test_the_work_of_a_class_is_charged_to_that_class():
    ledger = Ledger()
    chat = ("ann", RequestClass.INTERACTIVE)
    ledger.enter(ANN)
    ledger.enter(chat)
    ledger.charge(ANN, 1000)
    assert ledger.counter(chat) == 0


def test_idle_clients_are_forgotten_in_the_end():
    ledger = Ledger()
    for number in range(FORGET_ABOVE + 10):
        account = f"client-{number}", RequestClass.BATCH
        ledger.enter(account)
        ledger.leave(account)
    assert len(ledger.counters) <= FORGET_ABOVE
