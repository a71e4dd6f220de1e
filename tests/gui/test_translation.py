"""Every text of the window is translated, and no translation loses a value."""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, QFileInfo, QTranslator
from PySide6.QtWidgets import QApplication, QFileDialog, QFileIconProvider, QLabel, QPushButton, QWidget

from ollama_panel.core.export import Target, targets
from ollama_panel.core.export import render as render_export
from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.launch import plan_instances
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.notices.templates import TEMPLATES
from ollama_panel.core.ollama.effective_value import Source, ValueName
from ollama_panel.core.ollama.environment import VARIABLES
from ollama_panel.core.ollama.runners import ParallelSource
from ollama_panel.core.records import RequestClass, Role
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import InstanceRecord, MemoryKind, RequestState, Snapshot
from ollama_panel.desktop import resource_files
from ollama_panel.engine import configfile
from ollama_panel.gui import phases, preview, setting_texts
from ollama_panel.gui.language import LANGUAGES, Language, chosen
from ollama_panel.gui.models.request_texts import class_text, whole_text
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import Tokens
from ollama_panel.gui.widgets.pool_dialog import PoolDialog
from tests.core.notices.examples import EXAMPLES, example
from tests.gui import snapshots
from tests.gui.conftest import delete_now
from translations import OTHER_TEXTS

SOURCES = sorted((Path(__file__).parents[2] / "ollama_panel" / "gui").rglob("*.py"))
HOLES = re.compile(r"%L?n|\{\w+(?::\w+)?\}")


def texts(tree: ast.AST) -> Iterator[str]:
    """Yield every translatable literal of a source."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place = {"tr": 0, "translate": 1, "QT_TRANSLATE_NOOP": 1}.get(name)
        if place is not None and place < len(node.args):
            argument = node.args[place]
            if isinstance(argument, ast.Constant):
                yield str(argument.value)


def translated(language: str) -> dict[str, list[str]]:
    """Return every source text of a language with its translations (several for plurals, "" if unfinished)."""
    tree = ElementTree.parse(resource_files.folder() / "translations" / f"ollama_panel_{language}.ts")
    found: dict[str, list[str]] = {}
    for message in tree.getroot().iter("message"):
        translation = message.find("translation")
        assert translation is not None
        forms = [form.text or "" for form in translation.findall("numerusform")] or [translation.text or ""]
        done = translation.get("type") != "unfinished"
        found[message.findtext("source", "")] = forms if done else [""]
    return found


CHINESE = translated("zh_CN")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_text_of_the_window_is_translated(path: Path) -> None:
    missing = [text for text in texts(ast.parse(path.read_text())) if not all(CHINESE.get(text, [""]))]
    assert missing == [], "run packaging/translations.py and fill in resources/translations/ollama_panel_zh_CN.ts"


@pytest.mark.parametrize("code", TEMPLATES)
def test_every_notice_is_translated(code: str) -> None:
    assert all(CHINESE.get(TEMPLATES[code].text, [""])), "run packaging/translations.py and fill in the Chinese"


@pytest.mark.parametrize("context", ["settings", "variables"])
def test_every_setting_and_variable_is_translated(chinese: None, context: str) -> None:
    say = QCoreApplication.translate
    missing = [text for text in OTHER_TEXTS[context] if say(context, text) == text]
    assert set(missing) <= {"Ollama", "MiB"}, "run packaging/translations.py and fill in the .ts file"


def test_a_setting_is_named_with_its_unit_and_its_meaning_in_the_users_language(language: Language) -> None:
    key = "pools.chat.slo_first_token_s"
    assert setting_texts.label(key) == "SLO: first token, seconds"
    language.use("zh_CN")
    assert setting_texts.title(key) == "SLO\uff1a首个词元"
    assert setting_texts.label(key)[len("SLO\uff1a首个词元") :].strip("\uff08\uff09") == "秒"
    assert setting_texts.label("proxy.port") == "端口"
    assert setting_texts.meaning("pools.chat.workers").startswith("此池运行多少个 Ollama 服务器")
    assert setting_texts.variable(VARIABLES["OLLAMA_HOST"]).startswith("服务器监听的地址")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_loses_or_invents_a_value(language: str) -> None:
    for source, forms in translated(language).items():
        for form in forms:
            assert sorted(set(HOLES.findall(form))) == sorted(set(HOLES.findall(source))), source


def test_chinese_has_one_word_for_tokens() -> None:
    assert [form for forms in CHINESE.values() for form in forms if "token" in HOLES.sub("", form)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_file_is_that_of_the_source(qapp: QApplication, language: str) -> None:
    translator = QTranslator()
    assert translator.load(f"ollama_panel_{language}", str(resource_files.folder() / "translations"))
    tree = ElementTree.parse(resource_files.folder() / "translations" / f"ollama_panel_{language}.ts")
    for context in tree.getroot().iter("context"):
        for message in context.iter("message"):
            if message.get("numerus"):
                continue
            got = translator.translate(context.findtext("name", ""), message.findtext("source", ""))
            assert got == message.findtext("translation"), "run packaging/translations.py"


def is_a_name(code: str) -> bool:
    """Return whether a notice is a target of an export, which may have the name of a program in any language."""
    return re.fullmatch(r"export\..*\.title", code) is not None


@pytest.fixture
def language(qapp: QApplication) -> Iterator[Language]:
    made = Language(qapp)
    yield made
    made.use("en")


@pytest.fixture
def chinese(language: Language) -> None:
    language.use("zh_CN")


@pytest.mark.parametrize(
    "code",
    [code for code in EXAMPLES if re.search("[A-Za-z]", HOLES.sub("", TEMPLATES[code].text)) and not is_a_name(code)],
)
def test_a_notice_of_words_is_said_in_the_users_language(chinese: None, code: str) -> None:
    text = notice_text(example(code))
    assert text != render(example(code))
    assert not re.search(r"[{}]", text)


def test_why_a_request_waits_is_said_in_the_users_language(chinese: None) -> None:
    (_, waiting), _ = snapshots.requests(waiting=1, running=1, finished=0)
    why = notice("waiting.retry", seconds=2.5, cause=notice("attempt.error", error="CUDA error: out of memory"))
    text = whole_text(msgspec.structs.replace(waiting, why=why))
    assert text.startswith("2.5 秒后重试")
    assert "实例返回错误“CUDA error: out of memory”。" in text


def test_notices_are_translated_with_the_notices_among_their_values(chinese: None) -> None:
    taken = notice("instance.port_taken", port=11500, owner=notice("port.owner", name="nginx", pid=7))
    for words in ("端口 11500 已被占用", "nginx", "进程 7"):
        assert words in notice_text(taken)
    again = notice("instance.again_soon", why=notice("instance.silent"), number=2, all=5)
    assert notice_text(again).startswith("它已停止响应。将重新启动")
    told = notice("process.exited", code=1).showing("CUDA error: out of memory")
    assert "CUDA error: out of memory" in notice_text(told)


def test_a_plan_is_told_in_the_users_language(chinese: None) -> None:
    chat, embedding = Settings().pools
    other = msgspec.structs.replace(chat, role=Role.CODE, models=("qwen3:8b",), context_length=8192)
    restart, live = preview.plan_text(Snapshot(0.0, Settings()), Settings(pools=(other, embedding))).splitlines()
    assert "上下文长度 4,096 → 8,192" in restart
    assert "chat 的角色、chat 的模型" in live


@pytest.mark.parametrize("target", targets(), ids=lambda target: target.id)
def test_an_export_is_in_the_users_language_with_its_comments(chinese: None, target: Target) -> None:
    default = Settings()
    chat, *others = default.pools
    named = msgspec.structs.replace(chat, models=(ModelName("llama3.1:8b"),))  # for the export of a model
    settings = msgspec.structs.replace(default, pools=(named, *others))
    specs = plan_instances(settings, ("/usr/bin/ollama",), cores=8, gpu=False)
    made = render_export(target.id, settings, specs, version="1", date="2026-11-23", words=notice_text)
    whole = "\n".join(
        (notice_text(target.title), notice_text(target.summary), notice_text(made.instructions), made.text)
    )
    codes = [code for code in TEMPLATES if code.startswith("export.") and not is_a_name(code)]
    texts = [TEMPLATES[code].text for code in codes]
    for text in texts:
        words = max(HOLES.split(text), key=len).strip()
        assert len(words) < 5 or words not in whole


@pytest.mark.parametrize(("role", "name"), [(Role.EMBEDDING, "嵌入"), (Role.BATCH, "批处理"), (Role.CODE, "代码")])
def test_an_export_names_the_role_of_a_pool_in_the_users_language(chinese: None, role: Role, name: str) -> None:
    settings = Settings(pools=(PoolSettings(PoolName("main"), role),))
    specs = plan_instances(settings, ("/usr/bin/ollama",), cores=8, gpu=False)
    made = render_export("shell", settings, specs, version="1", date="2026-11-23", words=notice_text)
    (line,) = (line for line in made.text.splitlines() if "main" in line and "2" in line and line.startswith("#"))
    assert name in line
    assert role.value not in line


def test_settings_that_restart_are_named_in_the_users_language(chinese: None) -> None:
    other = codec.set(codec.set(Settings(), "pools.chat.parallel", "4"), "ollama.models_dir", "/data")
    told = preview.plan_text(Snapshot(0.0, Settings()), other)
    assert "并行 2 → 4" in told
    assert "模型文件夹 — → /data" in told


def test_plurals_read_well_in_english(theme: Theme) -> None:
    say = QCoreApplication.translate
    assert say("_Summary", "%n instance(s) cannot run", None, 1) == "1 instance cannot run"
    assert say("_Summary", "%n instance(s) cannot run", None, 3) == "3 instances cannot run"


def test_an_unknown_language_falls_back_to_one_with_a_translation() -> None:
    assert chosen("tlh") in LANGUAGES
    assert chosen("zh_CN") == "zh_CN"


@pytest.mark.parametrize(("written", "code"), [("zh", "zh_CN"), ("zh-Hans", "zh_CN"), ("en_GB", "en"), ("EN", "en")])
def test_a_language_may_be_written_in_other_ways(written: str, code: str) -> None:
    assert chosen(written) == code


def names_of_everything() -> dict[str, list[str]]:
    """Return the names that the window shows for every value of every kind."""
    record = InstanceRecord(InstanceId("chat-1"), PoolName("chat"), Role.CHAT, True, "", Phase.READY)
    phases_of = [msgspec.structs.replace(record, phase=phase) for phase in Phase]
    parent = QWidget()
    dialog = PoolDialog(Settings(), Settings().pools[0], (), new=False, parent=parent)
    roles = [dialog.role.itemText(dialog.role.findData(role.value)) for role in Role]
    delete_now(parent)
    return {
        "phases": [phases.instance_label(one)[0] for one in phases_of],
        "states": [phases.request_label(state)[0] for state in RequestState],
        "classes": [class_text(one) for one in RequestClass],
        "roles": roles,
        "memory": [phases.memory_label(kind) for kind in (None, *MemoryKind)],
        "sources": [phases.source_label(source) for source in ParallelSource],
        "sources of values": [phases.source_label(source) for source in Source],
        "values": [phases.value_label(name) for name in ValueName],
    }


def test_every_value_has_a_name_of_its_own_in_every_language(language: Language, theme: Theme) -> None:
    spoken = {}
    for code in ("zh_CN", "en"):
        language.use(code)
        spoken[code] = names_of_everything()
        for names in spoken[code].values():
            assert all(names)
            assert len(set(names)) == len(names)
    for kind, names in spoken["en"].items():
        assert not set(names) & set(spoken["zh_CN"][kind]), "a name is not translated"


def test_every_state_has_a_colour_of_the_theme_and_draining_has_its_own_name() -> None:
    record = InstanceRecord(InstanceId("chat-1"), PoolName("chat"), Role.CHAT, True, "", Phase.READY)
    drawn = [phases.instance_label(msgspec.structs.replace(record, phase=phase)) for phase in Phase]
    tones = {tone for _, tone in (*drawn, *map(phases.request_label, RequestState))}
    assert tones <= {field.name for field in fields(Tokens)}
    assert phases.instance_label(msgspec.structs.replace(record, draining=True)) == ("Draining", "warn")
    stopped = msgspec.structs.replace(record, draining=True, phase=Phase.STOPPED)
    assert phases.instance_label(stopped) == ("Stopped", "muted")


@pytest.mark.parametrize("mode", [QFileDialog.FileMode.AnyFile, QFileDialog.FileMode.Directory])
def test_qts_own_file_dialog_has_no_english_either(chinese: None, mode: QFileDialog.FileMode, tmp_path: Path) -> None:
    dialog = QFileDialog(None, "", str(tmp_path), options=QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(mode)
    shown = [one.text() for kind in (QLabel, QPushButton) for one in dialog.findChildren(kind) if one.text()]
    assert shown
    assert [text for text in shown if re.search("[A-Za-z]{2}", text)] == []
    kinds = QFileIconProvider()
    assert not re.search("[A-Za-z]{2}", kinds.type(QFileInfo(str(tmp_path))))
    delete_now(dialog)


def test_what_a_setting_must_be_reads_as_one_chinese_phrase(chinese: None) -> None:
    for expected, phrase in (
        (notice("expected.switch"), "应为开关值 true 或 false"),
        (notice("expected.whole_between", low=1, high=64), "应为介于 1 和 64 之间的整数"),
        (notice("expected.choice", choices=("system", "light")), "system、light"),
        (notice("expected.every_host"), "应为地址 0.0.0.0"),
        (notice("expected.header"), "应为不含密钥"),
    ):
        told = notice_text(notice("setting.not_that", expected=expected, given="x"))
        assert phrase in told
        assert not re.match("应为[A-Za-z0-9]", told)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_in_place_of_the_settings_is_told_in_chinese(chinese: None, tmp_path: Path) -> None:
    settings = tmp_path / "settings.json"
    os.mkfifo(settings)
    (problem,) = configfile.look(settings).problems
    told = notice_text(problem.notice).replace(str(settings), "").replace(settings.name, "")
    assert re.search("[A-Za-z]{2}", told) is None
