"""The JSON export."""

import json

from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from tests.core.export.samples import TRICKY, exported, instances, pools


def test_the_document_holds_everything_that_the_instances_are_started_with() -> None:
    settings = pools(TRICKY)
    document = json.loads(exported("json", settings).text)
    assert [instance["environment"] for instance in document["instances"]] == [
        instance.environment for instance in instances(settings)
    ]
    assert document["instances"][0]["argv"] == ["/usr/local/bin/ollama", "serve"]
    assert document["instances"][0]["url"] == "http://127.0.0.1:11500"


def test_its_settings_are_settings_again() -> None:
    settings = pools({name: value for name, value in TRICKY.items() if name != "TAB"})
    read, problems = codec.load(json.dumps(json.loads(exported("json", settings).text)["settings"]).encode())
    assert (read, problems) == (settings, ())


def test_it_explains_fields_that_it_has() -> None:
    document = json.loads(exported("json", Settings()).text)
    for path in document["meaning"]:
        value = document
        for name in path.split("."):
            value = value[name.removesuffix("[]")]
            value = value[0] if name.endswith("[]") else value
