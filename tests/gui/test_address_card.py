"""The address on the connect page: its forms, the copy buttons, and who can reach it."""

import msgspec
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from ollama_panel.core.settings.tree import KeyRule, ProxySettings
from ollama_panel.core.snapshot import ProxyRecord
from ollama_panel.gui.widgets.address_card import AddressCard
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named
from tests.gui.snapshots import SETTINGS, snapshot

OPEN = ProxyRecord(True, "http://127.0.0.1:11435", port=11435, others=("http://192.168.1.5:11435",))


@pytest.fixture
def card(window: MainWindow) -> AddressCard:
    window.show_page_named("connect")
    return window.connect_page.address


def show(client: FakeClient, proxy: ProxyRecord, **settings: object) -> None:
    changed = msgspec.structs.replace(SETTINGS, proxy=ProxySettings(**settings))  # type: ignore[arg-type]
    client.push(snapshot(settings=changed, proxy=proxy))


def test_each_dialect_has_its_form_of_the_address_to_copy(card: AddressCard) -> None:
    assert card.address.text() == "http://127.0.0.1:11435"
    for name, text in (
        ("Copy the address for clients of OpenAI's API", "http://127.0.0.1:11435/v1"),
        ("Copy the address for clients of Anthropic's API", "http://127.0.0.1:11435"),
    ):
        named(card, QToolButton, name).click()
        assert QGuiApplication.clipboard().text() == text
    card.copy.click()
    assert QGuiApplication.clipboard().text() == "http://127.0.0.1:11435"


@pytest.mark.parametrize(
    ("host", "rule", "reach", "access"),
    [
        ("127.0.0.1", KeyRule.AUTO, "This machine only", "no key needed"),
        ("127.0.0.1", KeyRule.ALWAYS, "This machine only", "key needed"),
        ("0.0.0.0", KeyRule.AUTO, "Other machines, too", "key needed"),
        ("0.0.0.0", KeyRule.NEVER, "Other machines, too", "no key needed"),
    ],
)
def test_it_says_who_can_reach_the_panel_and_whether_a_key_is_needed(
    card: AddressCard, client: FakeClient, host: str, rule: KeyRule, reach: str, access: str
) -> None:
    proxy = OPEN if host == "0.0.0.0" else snapshot().proxy
    show(client, proxy, host=host, require_key=rule)
    assert (card.reach.accessibleName(), card.access.text()) == (reach, access)
    assert card.copy_other.isVisibleTo(card) == (host == "0.0.0.0")
    if host == "0.0.0.0":
        card.copy_other.click()
        assert QGuiApplication.clipboard().text() == "http://192.168.1.5:11435"
        assert card.reach_title.text() == "Who can reach it · http://192.168.1.5:11435"


def test_without_the_proxy_nobody_reaches_it_and_nothing_is_to_be_copied(card: AddressCard, client: FakeClient) -> None:
    show(client, ProxyRecord(), port=11500)
    assert (card.address.text(), card.reach.accessibleName()) == ("http://127.0.0.1:11500", "Nobody")
    assert not card.copy.isEnabled()


def test_a_second_address_is_named_beside_the_first(card: AddressCard, client: FakeClient) -> None:
    assert card.title.text() == "Address (Ollama)"
    client.push(snapshot(second_proxy=ProxyRecord(True, "http://127.0.0.1:11434", port=11434)))
    assert card.title.text() == "Address (Ollama), and http://127.0.0.1:11434"


def test_change_leads_to_the_settings(window: MainWindow, card: AddressCard, qtbot: QtBot) -> None:
    card.change.click()
    assert window.page_name == "settings"
