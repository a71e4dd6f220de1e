import pytest

from ollama_panel.core.ollama.slog import is_slog, number, seconds_of, slog_fields


def test_fields_are_unquoted():
    line = r'time=t level=WARN source=a.go:1 msg="say \"x\"\nand y" path=C:\\m size="1.5 GiB" empty="" none='
    fields = {"time": "t", "level": "WARN", "source": "a.go:1", "msg": 'say "x"\nand y', "path": r"C:\\m"}
    assert slog_fields(line) == {**fields, "size": "1.5 GiB", "empty": "", "none": ""}


@pytest.mark.parametrize("cut", ["x msg=load a=1", 'x \\"', "x msg=load \\"])
def test_a_quoted_value_that_is_cut_off_has_no_fields_in_it(cut):
    assert set(slog_fields('level=WARN msg="invalid option provided" option="' + cut)) == {"level", "msg", "option"}


@pytest.mark.parametrize("word", ["a", "a.b", 'a"', "\\", "="])
def test_a_long_line_is_read_in_one_pass(word):
    assert slog_fields('level=WARN msg="' + "x " + word * 64_000)["level"] == "WARN"
    assert slog_fields("level=WARN " + word * 64_000)["level"] == "WARN"


@pytest.mark.parametrize(
    "line",
    [
        "time=t msg=x",
        "ts=t level=error msg=x",
        "level=DEBUG-4 msg=x",
        'msg="x"',
        "..........time=2026-03-02T08:15:00Z level=INFO msg=x",
    ],
)
def test_lines_of_keys_and_values_are_told_also_after_the_dots_of_a_runner(line):
    assert is_slog(line)


@pytest.mark.parametrize("line", ["", "load_tensors: level=3", "panic: time=t msg=x", "sublevel=INFO"])
def test_other_lines_are_not(line):
    assert not is_slog(line)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("0", 0),
        ("-1", None),
        ("1.5", None),
        ("", None),
        (None, None),
        ("9" * 19, None),
        ("9" * 5000, None),
        ("٣", None),
    ],
)
def test_a_number_is_whole(text, value):
    assert number(text) == value


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("time=2026-01-15T10:00:00.125Z level=INFO msg=x", 1_768_471_200.125),
        ("Jan 15 11:00:00 box ollama[7]: time=2026-01-15T11:00:00.125+01:00 level=INFO msg=x", 1_768_471_200.125),
        ("time=t level=INFO msg=x", None),
        ("time=2026-13-45T10:00:00.125Z level=INFO", None),
        ("load_tensors: offloaded 21/33 layers to GPU", None),
        ("runtime=2026-01-15T10:00:00Z", None),
    ],
)
def test_a_line_may_say_when_it_was_written(line, seconds):
    assert seconds_of(line) == seconds
