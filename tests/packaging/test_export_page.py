"""The page of the exports: its table has every target, and nothing in it that no test sees."""

import ast
from pathlib import Path

import pytest

import export_page
from export_page import PAGE, PROOFS, ROOT, Seen
from ollama_panel.core.applying.methods import can_apply
from ollama_panel.core.export import targets

TEXT = PAGE.read_text(encoding="utf-8")
ALL = list(export_page.seen())


def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_the_page_is_up_to_date() -> None:
    assert export_page.page(TEXT) == TEXT, "run packaging/export_page.py"


def test_every_target_is_in_the_table_in_the_order_of_the_list() -> None:
    rows = [line.split("`")[1] for line in export_page.table().splitlines() if line.startswith("| `")]
    assert rows == [target.id for target in targets()]
    assert PROOFS.keys() == set(rows)


@pytest.mark.parametrize(("target", "one"), ALL, ids=[f"{target}-{one.what}" for target, one in ALL])
def test_what_is_said_to_be_seen_is_seen_by_a_test(target: str, one: Seen) -> None:
    path = ROOT / "tests" / one.file
    assert one.test in functions(path)
    about = target in path.read_text(encoding="utf-8") or "targets()" in path.read_text(encoding="utf-8")
    assert about, f"{one.file} says nothing of {target}"


def test_only_what_can_be_applied_is_said_to_be() -> None:
    assert [target for target, proof in PROOFS.items() if proof.applied and not can_apply(target)] == []
