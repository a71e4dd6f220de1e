"""Models of random weights, created in a second, that a real Ollama can run.

`tiny` answers pronounceable nonsense. Its architecture is Llama (4 layers of width 256, 8 MB); the vocabulary is of
words that look like SentencePiece's; the logits of special and byte tokens are held at 0 so that they are rare.
`tiny-embed` is a BERT of 2 layers of width 64 with a vocabulary of letters: meaningless vectors, of the right shape.
"""

import itertools
from pathlib import Path
from typing import NamedTuple

import gguf
import numpy as np


class Shape(NamedTuple):
    """The numbers of a Llama: how long its prompts take to read grows with all of them."""

    layers: int = 4
    width: int = 256
    heads: int = 8
    kv_heads: int = 4
    feed_forward: int = 688
    context: int = 8192


TINY = Shape()
LONG = Shape(layers=1, width=64, heads=2, kv_heads=1, feed_forward=128, context=40_960)
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6
TEMPLATE = """TEMPLATE \"\"\"{{ range .Messages }}<|{{ .Role }}|>{{ .Content }}<|end|>{{ end }}<|assistant|>\"\"\"
"""
BERT_LAYERS, BERT_WIDTH, BERT_FEED_FORWARD, BERT_CONTEXT = 2, 64, 128, 512
CHAT_TEMPLATE = "{% for m in messages %}<|{{m['role']}}|>{{m['content']}}<|end|>{% endfor %}<|assistant|>"


def write_chat_model(folder: Path, shape: Shape = TINY, num_ctx: int | None = 2048) -> Path:
    """Write a chat model and its Modelfile into `folder`; return the Modelfile's path.

    `num_ctx` is what its Modelfile sets, None = nothing.
    """
    name = f"tiny-{shape.context}.gguf"
    writer = gguf.GGUFWriter(str(folder / name), "llama")
    rng = np.random.default_rng(7)
    tokens = _vocabulary(rng)
    specials = sum(kind != NORMAL for _, kind in tokens)
    _describe(writer, tokens, specials, shape)
    _weights(writer, rng, len(tokens), specials, shape)
    _save(writer)
    modelfile = folder / f"{name}.Modelfile"
    parameter = "" if num_ctx is None else f"PARAMETER num_ctx {num_ctx}\n"
    modelfile.write_text(f"FROM ./{name}\n{TEMPLATE}{parameter}")
    return modelfile


def write_embedding_model(folder: Path) -> Path:
    """Write `tiny-embed.gguf` and its Modelfile into `folder`; return the Modelfile's path."""
    writer = gguf.GGUFWriter(str(folder / "tiny-embed.gguf"), "bert")
    letters = [chr(code) for code in range(33, 127)]
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *("\u2581" + one for one in letters), *letters]
    _describe_bert(writer, tokens)
    _bert_weights(writer, np.random.default_rng(7), len(tokens))
    _save(writer)
    modelfile = folder / "Modelfile-embed"
    modelfile.write_text("FROM ./tiny-embed.gguf\n")
    return modelfile


def _save(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _vocabulary(rng: np.random.Generator) -> list[tuple[str, int]]:
    words = ["".join(parts) for parts in itertools.product("bdfgklmnprstv", "aeiou", "lmnrst", "aeiou")]
    rng.shuffle(words)
    tokens = [("<unk>", UNKNOWN), ("<s>", CONTROL), ("</s>", CONTROL)]
    tokens += [(f"<0x{byte:02X}>", BYTE) for byte in range(256)]
    tokens += [(name, CONTROL) for name in ("<|user|>", "<|assistant|>", "<|system|>", "<|end|>")]
    tokens += [("\u2581" + word, NORMAL) for word in words]
    return [*tokens, *((chr(code), NORMAL) for code in range(33, 127)), ("\u2581", NORMAL)]


def _describe(writer: gguf.GGUFWriter, tokens: list[tuple[str, int]], specials: int, shape: Shape) -> None:
    writer.add_name("tiny")
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(1)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([text for text, _ in tokens])
    writer.add_token_types([kind for _, kind in tokens])
    writer.add_token_scores([-float(max(0, i - specials)) for i in range(len(tokens))])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_chat_template(CHAT_TEMPLATE)


def _weights(writer: gguf.GGUFWriter, rng: np.random.Generator, tokens: int, specials: int, shape: Shape) -> None:
    def random(name: str, *size: int, scale: float = 0.02) -> None:
        writer.add_tensor(name, (rng.standard_normal(size) * scale).astype(np.float16))

    kv_width = shape.kv_heads * (shape.width // shape.heads)
    sizes = {
        "attn_q": (shape.width, shape.width),
        "attn_k": (kv_width, shape.width),
        "attn_v": (kv_width, shape.width),
        "attn_output": (shape.width, shape.width),
        "ffn_gate": (shape.feed_forward, shape.width),
        "ffn_up": (shape.feed_forward, shape.width),
        "ffn_down": (shape.width, shape.feed_forward),
    }
    random("token_embd.weight", tokens, shape.width, scale=1.0)
    head = (rng.standard_normal((tokens, shape.width)) * 0.05).astype(np.float16)
    head[:specials] = 0
    writer.add_tensor("output.weight", head)
    writer.add_tensor("output_norm.weight", np.ones(shape.width, np.float32))
    for layer in range(shape.layers):
        for norm in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{norm}.weight", np.ones(shape.width, np.float32))
        for name, size in sizes.items():
            random(f"blk.{layer}.{name}.weight", *size)


def _describe_bert(writer: gguf.GGUFWriter, tokens: list[str]) -> None:
    writer.add_name("tiny-embed")
    writer.add_context_length(BERT_CONTEXT)
    writer.add_embedding_length(BERT_WIDTH)
    writer.add_block_count(BERT_LAYERS)
    writer.add_feed_forward_length(BERT_FEED_FORWARD)
    writer.add_head_count(4)
    writer.add_layer_norm_eps(1e-12)
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_file_type(1)
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_types([CONTROL if token.startswith("[") else NORMAL for token in tokens])
    writer.add_token_type_count(2)
    writer.add_pad_token_id(0)
    writer.add_unk_token_id(1)
    writer.add_bos_token_id(2)
    writer.add_eos_token_id(3)
    writer.add_sep_token_id(3)
    writer.add_mask_token_id(4)


def _bert_weights(writer: gguf.GGUFWriter, rng: np.random.Generator, tokens: int) -> None:
    def matrix(name: str, *shape: int) -> None:
        writer.add_tensor(f"{name}.weight", (rng.standard_normal(shape) * 0.1).astype(np.float16))

    def norm(name: str) -> None:
        writer.add_tensor(f"{name}.weight", np.ones(BERT_WIDTH, np.float32))
        writer.add_tensor(f"{name}.bias", np.zeros(BERT_WIDTH, np.float32))

    matrix("token_embd", tokens, BERT_WIDTH)
    writer.add_tensor(
        "position_embd.weight", (rng.standard_normal((BERT_CONTEXT, BERT_WIDTH)) * 0.1).astype(np.float32)
    )
    writer.add_tensor("token_types.weight", np.zeros((2, BERT_WIDTH), np.float32))
    norm("token_embd_norm")
    square, up, down = (BERT_WIDTH, BERT_WIDTH), (BERT_FEED_FORWARD, BERT_WIDTH), (BERT_WIDTH, BERT_FEED_FORWARD)
    shapes = dict.fromkeys(("attn_q", "attn_k", "attn_v", "attn_output"), square) | {"ffn_up": up, "ffn_down": down}
    for layer in range(BERT_LAYERS):
        for name, shape in shapes.items():
            matrix(f"blk.{layer}.{name}", *shape)
            writer.add_tensor(f"blk.{layer}.{name}.bias", np.zeros(shape[0], np.float32))
        norm(f"blk.{layer}.attn_output_norm")
        norm(f"blk.{layer}.layer_output_norm")
