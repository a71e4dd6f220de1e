from ollama_panel.core.notices import notice
from ollama_panel.core.source_secrets import Secrets
from ollama_panel.core.sources.record import Assignment, Place, Reading, ServerConfig, SourceKind

KEY, LOGIN = "sk-0123456789", "http://ann:hunter22@proxy:3128"
LINE = Place("/etc/default/ollama", 2, f"OLLAMA_API_KEY={KEY}")
READING = Reading(
    SourceKind.ENVIRONMENT_FILE,
    LINE.path,
    (ServerConfig(assignments=(Assignment("OLLAMA_API_KEY", KEY, LINE),)),),
    (Assignment("HTTPS_PROXY", LOGIN, Place(LINE.path, 3, f"HTTPS_PROXY={LOGIN}")),),
)
SECRETS = Secrets([READING])


def shown(text: str) -> str:
    return SECRETS.place(Place("a", 9, text)).text


def test_a_line_with_a_secret_is_not_shown() -> None:
    assert SECRETS.place(LINE).text == "(hidden)"
    assert shown("# Environment=HF_TOKEN=two words") == "(hidden)", "what sets nothing was not read as a secret"
    assert shown("x") == "x"


def test_a_login_is_hidden_in_whatever_line() -> None:
    assert shown("# http_proxy = ann:hunter22@proxy:3128") == "# http_proxy = (hidden)@proxy:3128"
    assert shown(f"proxy {LOGIN}") == "proxy http://(hidden)@proxy:3128"


def test_sentences_are_without_the_secrets_of_all_sources() -> None:
    inner = notice("setting.refused", where="a", wrong=notice("source.not_filled_in", name="X", given=f"a {KEY}"))
    assert "sk-" not in str(SECRETS.notice(inner))
    assert "hunter22" not in str(SECRETS.notice(notice("source.no_yaml", path="a", line=1, cause=LOGIN)))
    assert "ab:cd" not in str(SECRETS.notice(notice("import.offer_network", host="ab:cd@0.0.0.0:11434")))


def test_what_is_given_for_a_secret_is_hidden_however_short() -> None:
    told = notice("source.compose.quotes", name="HF_TOKEN", given="'ab'")
    assert SECRETS.notice(told).values == {"name": "HF_TOKEN", "given": "(hidden)"}
    told = notice("setting.not_that", expected="a number", given="ab")
    assert SECRETS.notice(told, "HF_TOKEN").values["given"] == "(hidden)"
    assert SECRETS.notice(told, "OLLAMA_NUM_PARALLEL").values["given"] == "ab"
