"""Old settings are migrated step by step on the raw data."""

from ollama_panel.core.settings.migrate import Tree, migrate


def renamed(tree: Tree) -> Tree:
    return {"door": tree["proxy"], "version": 2}


def doubled(tree: Tree) -> Tree:
    return {**tree, "twice": True}


def test_each_version_is_passed_in_order() -> None:
    tree, problems = migrate({"version": 1, "proxy": 7}, {1: renamed, 2: doubled}, target=3)
    assert tree == {"version": 3, "door": 7, "twice": True}
    assert problems == ()


def test_a_file_without_a_version_is_the_first() -> None:
    assert migrate({"proxy": 7}, {1: renamed}, target=2)[0] == {"version": 2, "door": 7}


def test_a_newer_file_is_read_as_far_as_possible_and_reported() -> None:
    tree, problems = migrate({"version": 5, "proxy": 7}, {}, target=1)
    assert tree == {"version": 1, "proxy": 7}
    assert [problem.where for problem in problems] == ["version"]
