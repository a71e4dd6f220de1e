import msgspec
import pytest

from ollama_panel.core.history.questions import EventsQuestion, RequestsQuestion, SeriesQuestion, at

NOW = 1_700_000_000.0


@pytest.mark.parametrize("kind", [SeriesQuestion, RequestsQuestion, EventsQuestion])
@pytest.mark.parametrize(
    ("since", "until", "meant"),
    [
        (-3600.0, 0.0, (NOW - 3600, NOW)),
        (-7200.0, -3600.0, (NOW - 7200, NOW - 3600)),
        (NOW - 10, NOW - 5, (NOW - 10, NOW - 5)),
        (NOW - 10, NOW + 1e6, (NOW - 10, NOW)),
        (0.0, 0.0, (NOW, NOW)),
        (float("nan"), float("nan"), (NOW, NOW)),
    ],
)
def test_times_are_absolute_or_before_now_and_never_later(
    kind: type[SeriesQuestion], since: float, until: float, meant: tuple[float, float]
) -> None:
    question = at(kind(since=since, until=until), NOW)
    assert (question.since, question.until) == meant


def test_parameters_of_a_url_are_a_question() -> None:
    given = {"since": "-86400", "state": ["refused"], "limit": "5", "client": "web"}
    question = msgspec.convert(given, RequestsQuestion, strict=False)
    assert (question.since, question.limit, question.client) == (-86400.0, 5, "web")


@pytest.mark.parametrize(
    "given", [{"limit": "10001"}, {"since": "1e300"}, {"colour": "red"}, {"before": "-1"}, {"before": str(2**63)}]
)
def test_what_makes_no_sense_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(given, RequestsQuestion, strict=False)
