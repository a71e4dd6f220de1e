"""`tuning_real` on a GPU with a model of 8B parameters: `python tests/bench/tuner_gpu.py --ollama PROGRAM`.

Without `--model` it makes one with the shape of Llama 3.1 8B and random weights (16 GB in 16 bits, in the folder
`--store`): what it says is nonsense, its speed is that of the real one. The tuning takes at most `--minutes`, the
bursts about as long again.
"""

import argparse
import asyncio
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.tuning_real import measure
from tests.fakes import tiny_gguf
from tests.fakes.ollama_process import serving

LLAMA_8B = tiny_gguf.Shape(layers=32, width=4096, heads=32, kv_heads=8, feed_forward=14_336, context=131_072)
NAME = "random-8b"


def make_model(program: Path, shape: tiny_gguf.Shape) -> None:
    """Create the model in the store that the environment names."""
    with TemporaryDirectory(dir=os.environ["OLLAMA_MODELS"]) as folder, serving(program, {}) as address:
        modelfile = tiny_gguf.write_chat_model(Path(folder), shape, num_ctx=None)
        environment = os.environ | {"OLLAMA_HOST": address}
        subprocess.run([program, "create", NAME, "-f", modelfile], env=environment, check=True, cwd=folder)


def main() -> None:
    """Make the model if none is named, and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--ollama", type=Path, required=True, help="the program")
    parser.add_argument("--model", help="a model that is there already")
    parser.add_argument("--store", type=Path, help="where the model is made; else the store of the user")
    parser.add_argument("--layers", type=int, default=LLAMA_8B.layers, help="fewer make it smaller and quicker to make")
    parser.add_argument("--minutes", type=float, default=4.0, help="the time of the tuning (4)")
    parser.add_argument("--requests", type=int, default=128, help="the requests of a burst (128)")
    parser.add_argument("--context", type=int, default=4096, help="the tokens of a slot (4096)")
    chosen = parser.parse_args()
    if chosen.store is not None:
        chosen.store.mkdir(parents=True, exist_ok=True)
        os.environ["OLLAMA_MODELS"] = str(chosen.store)
    if chosen.model is None:
        os.environ.setdefault("OLLAMA_MODELS", str(Path.home() / ".ollama" / "models"))
        make_model(chosen.ollama, LLAMA_8B._replace(layers=chosen.layers))
    model = chosen.model or NAME
    asyncio.run(measure(chosen.ollama, model, chosen.minutes, chosen.requests, chosen.context))


if __name__ == "__main__":
    main()
