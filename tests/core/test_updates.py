"""When a new program is whole, and which worker follows it next."""

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.updates import UNSEEN, Following, ProgramFile, ProgramWatch, Worker

OLD, NEW = ProgramFile("/usr/bin/ollama", 1, 100, 1), ProgramFile("/usr/bin/ollama", 2, 200, 2)
HALF = ProgramFile("/usr/bin/ollama", 2, 50, 2)


def worker(
    name: str = "chat-1",
    pid: int | None = 1,
    version: str | None = "0.24.0",
    in_flight: int = 0,
    done: int = 0,
    waiting: int = 0,
    *,
    ready: bool = True,
) -> Worker:
    return Worker(InstanceId(name), pid, version, in_flight, done, waiting, ready=ready)


def test_a_new_file_is_taken_once_it_has_not_changed_for_a_moment():
    watch = ProgramWatch(OLD)
    assert [watch.changed(OLD, at) for at in (0.0, 10.0)] == [None, None]
    assert [watch.changed(one, at) for one, at in ((None, 12.0), (HALF, 14.0), (NEW, 16.0), (NEW, 18.0))] == [None] * 4
    assert watch.changed(NEW, 20.0) == NEW
    assert watch.changed(NEW, 22.0) == NEW  # it did not tell its version
    watch.take(NEW)
    assert watch.changed(NEW, 24.0) is None


def test_the_first_file_counts_as_new_because_it_may_have_come_after_the_workers_were_started():
    watch = ProgramWatch()
    assert watch.known == UNSEEN
    assert [watch.changed(OLD, at) for at in (0.0, 2.0, 4.0)] == [None, None, OLD]
    watch.take(OLD)
    assert watch.changed(OLD, 6.0) is None


def test_a_file_that_comes_back_is_no_update():
    watch = ProgramWatch(OLD)
    found = [watch.changed(one, at) for one, at in ((OLD, 0.0), (None, 2.0), (OLD, 4.0), (OLD, 10.0))]
    assert found == [None] * 4


def test_another_program_is_no_update_of_it():
    watch = ProgramWatch()
    watch.changed(OLD, 0.0)
    watch.forget()
    assert [watch.changed(NEW, at) for at in (2.0, 10.0)] == [None, None]


def test_workers_follow_one_after_the_other_once_they_were_idle_for_a_while():
    following, workers = Following(), [worker(), worker("chat-2", 2)]
    following.begin(workers, "0.32.15", again=False, now=0.0)
    assert following.seen(workers, now=0.0) is None
    assert following.seen(workers, now=8.0) is None
    assert following.seen(workers, now=10.0) == "chat-1"
    workers[0] = worker(pid=3, version="0.32.15")
    assert following.seen(workers, now=12.0) == "chat-2"
    workers[1] = worker("chat-2", 4, "0.32.15")
    assert following.seen(workers, now=14.0) is None
    assert following.old == {}


def test_a_request_between_two_looks_and_one_that_waits_put_it_off():
    following = Following()
    following.begin([worker()], "0.32.15", again=False, now=0.0)
    following.seen([worker()], now=0.0)
    assert following.seen([worker(done=1)], now=11.0) is None
    assert following.seen([worker(done=1, waiting=1)], now=20.0) is None
    assert following.seen([worker(done=1, in_flight=1)], now=29.0) is None
    assert following.seen([worker(done=1)], now=38.0) is None
    assert following.seen([worker(done=1)], now=39.0) == "chat-1"


def test_requests_that_wait_for_other_workers_put_none_off():
    following, workers = Following(), [worker(in_flight=2, waiting=9), worker("embedding-1", 2)]
    following.begin(workers, "0.32.15", again=False, now=0.0)
    assert following.seen(workers, now=0.0) is None
    assert following.seen(workers, now=10.0) == "embedding-1"


def test_after_ten_minutes_the_one_with_the_least_to_do_is_next():
    following = Following()
    workers = [worker(in_flight=3, waiting=5), worker("chat-2", 2, in_flight=1, waiting=5)]
    following.begin(workers, "0.32.15", again=False, now=0.0)
    assert following.seen(workers, now=599.0) is None
    assert following.seen(workers, now=600.0) == "chat-2"


def test_who_has_the_new_version_already_need_not_follow():
    following = Following()
    following.begin([worker(), worker("chat-2", 2, "0.32.15")], "0.32.15", again=False, now=0.0)
    assert list(following.old) == ["chat-1"]
    following.begin([worker(version="0.32.15")], "0.32.15", again=True, now=0.0)
    assert list(following.old) == ["chat-1"]


def test_a_worker_that_does_not_answer_for_a_moment_follows_once_it_answers_and_is_idle():
    following = Following()
    following.begin([worker()], "0.32.15", again=False, now=0.0)
    following.seen([worker()], now=0.0)
    assert following.seen([worker(ready=False)], now=20.0) is None
    assert list(following.old) == ["chat-1"]
    assert following.seen([worker()], now=21.0) is None
    assert following.seen([worker()], now=30.0) == "chat-1"
    assert following.seen([worker(ready=False)], now=700.0) is None


def test_a_worker_that_starts_during_the_update_follows_if_it_turns_out_to_be_of_before():
    following, starting = Following(), [worker(version=None, ready=False), worker("chat-2", 2, None, ready=False)]
    following.begin(starting, "0.32.15", again=False, now=0.0)
    assert list(following.old) == ["chat-1", "chat-2"]
    workers = [worker(), worker("chat-2", 2, "0.32.15")]
    following.seen(workers, now=1.0)
    assert list(following.old) == ["chat-1"]
    assert following.seen(workers, now=11.0) == "chat-1"


def test_a_successor_from_before_the_update_that_takes_its_place_later_follows_too():
    following = Following()
    following.begin([worker()], "0.32.15", again=False, now=0.0)
    following.seen([worker(pid=2)], now=1.0)
    assert following.seen([worker(pid=2)], now=11.0) == "chat-1"


def test_a_worker_whose_process_has_ended_takes_the_new_program_by_itself():
    following = Following()
    following.begin([worker(), worker("chat-2", None, ready=False)], "0.32.15", again=False, now=0.0)
    following.seen([worker(pid=None, ready=False)], now=2.0)
    assert following.old == {}


def test_a_worker_that_is_gone_need_not_either():
    following = Following()
    following.begin([worker()], "0.32.15", again=False, now=0.0)
    assert following.seen([], now=100.0) is None
    assert following.old == {}


def test_after_a_restart_that_has_failed_it_is_tried_again_later_each_time_twice_as_late():
    following = Following()
    following.begin([worker()], "0.32.15", again=False, now=0.0)
    following.seen([worker()], now=0.0)
    for failed_at, again_at in ((10.0, 70.0), (70.0, 190.0)):
        assert following.seen([worker()], now=failed_at) == "chat-1"
        following.failed(failed_at)
        assert following.seen([worker()], now=again_at - 1) is None
    following.succeeded()
    assert following.failures == 0
