import subprocess
import sys

CODE = """
import gc
from ollama_panel.engine import garbage_collection
garbage_collection.tune_collector()
class Node: pass
one = Node(); one.self = one; del one
assert gc.get_freeze_count() > 1000, gc.get_freeze_count()
assert gc.collect() > 0
"""


def test_what_was_imported_is_left_alone_and_new_cycles_are_still_found():
    subprocess.run([sys.executable, "-c", CODE], check=True)
