"""A CTranslate2 Whisper model as an openai-whisper checkpoint: the same numbers under other names.

In: a folder with model.bin and config.json; out: {"dims", "model_state_dict", "alignment_heads"}, float16, that
`whisper.model.Whisper` loads. CTranslate2 fuses projections that openai-whisper keeps apart (linear_0 of self attention
is query, key and value one below the other; linear_1 of cross attention is key and value), and gives the key a bias,
which Whisper never has and which is therefore all zeros.

Source of the names: ctranslate2/converters/transformers.py `WhisperLoader`, whisper/model.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clipper.speech.engines.ct2_file import Table, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

VERSION = 1  # raised whenever the same model.bin would give another checkpoint


def convert(folder: Path) -> dict[str, Any]:
    """The checkpoint of the model in `folder`; `alignment_heads` is a list of [layer, head].

    Raises:
        ValueError: no Whisper model, or one of a layout that is not known.
        OSError: a file cannot be read.
    """
    import torch

    table = read_table(folder / "model.bin")
    if table.spec != "WhisperSpec":
        raise ValueError(f"{table.spec} is no Whisper model")
    try:
        state = {name: torch.from_numpy(values).to(torch.float16) for name, values in _tensors(table)}
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        heads = [[int(layer), int(head)] for layer, head in config["alignment_heads"]]
        return {"dims": _dims(table), "model_state_dict": state, "alignment_heads": heads}
    except (KeyError, TypeError) as error:
        raise ValueError(f"{folder.name} has no {error}") from error


def _dims(table: Table) -> dict[str, int]:
    """The sizes, as whisper.model.ModelDimensions names them."""
    shape = {name: v.shape for name, v in table.variables.items()}
    vocabulary, text_state = shape["decoder/embeddings/weight"]
    audio_state, mels, _ = shape["encoder/conv1/weight"]
    audio_context = shape["encoder/position_encodings/encodings"][0]
    text_context = shape["decoder/position_encodings/encodings"][0]
    return {
        "n_mels": mels,
        "n_audio_ctx": audio_context,
        "n_audio_state": audio_state,
        "n_audio_head": int(table.read("encoder/num_heads")),
        "n_audio_layer": _layers(table, "encoder"),
        "n_vocab": vocabulary,
        "n_text_ctx": text_context,
        "n_text_state": text_state,
        "n_text_head": int(table.read("decoder/num_heads")),
        "n_text_layer": _layers(table, "decoder"),
    }


def _layers(table: Table, side: str) -> int:
    return len({name.split("/")[1] for name in table.variables if name.startswith(f"{side}/layer_")} - {"layer_norm"})


def _tensors(table: Table) -> Iterator[tuple[str, NDArray[Any]]]:
    """Every tensor under its openai-whisper name."""
    for conv in ("conv1", "conv2"):
        yield f"encoder.{conv}.weight", table.read(f"encoder/{conv}/weight")
        yield f"encoder.{conv}.bias", table.read(f"encoder/{conv}/bias")
    yield "decoder.token_embedding.weight", table.read("decoder/embeddings/weight")
    for side, norm in (("encoder", "ln_post"), ("decoder", "ln")):
        yield f"{side}.positional_embedding", table.read(f"{side}/position_encodings/encodings")
        yield from _norm(table, f"{side}/layer_norm", f"{side}.{norm}")
        for i in range(_layers(table, side)):
            layer, block = f"{side}/layer_{i}", f"{side}.blocks.{i}"
            yield from _self_attention(table, f"{layer}/self_attention", block)
            if side == "decoder":
                yield from _cross_attention(table, f"{layer}/attention", block)
            yield from _norm(table, f"{layer}/ffn/layer_norm", f"{block}.mlp_ln")
            yield from _linear(table, f"{layer}/ffn/linear_0", f"{block}.mlp.0")
            yield from _linear(table, f"{layer}/ffn/linear_1", f"{block}.mlp.2")


def _self_attention(table: Table, source: str, block: str) -> Iterator[tuple[str, NDArray[Any]]]:
    yield from _norm(table, f"{source}/layer_norm", f"{block}.attn_ln")
    yield from _fused(table, f"{source}/linear_0", f"{block}.attn", ("query", "key", "value"))
    yield from _linear(table, f"{source}/linear_1", f"{block}.attn.out")


def _cross_attention(table: Table, source: str, block: str) -> Iterator[tuple[str, NDArray[Any]]]:
    yield from _norm(table, f"{source}/layer_norm", f"{block}.cross_attn_ln")
    yield from _linear(table, f"{source}/linear_0", f"{block}.cross_attn.query")
    yield from _fused(table, f"{source}/linear_1", f"{block}.cross_attn", ("key", "value"))
    yield from _linear(table, f"{source}/linear_2", f"{block}.cross_attn.out")


def _fused(table: Table, source: str, target: str, parts: tuple[str, ...]) -> Iterator[tuple[str, NDArray[Any]]]:
    import numpy as np

    weights = np.split(table.read(f"{source}/weight"), len(parts))
    biases = np.split(table.read(f"{source}/bias"), len(parts))
    for part, weight, bias in zip(parts, weights, biases, strict=True):
        yield f"{target}.{part}.weight", weight.copy()
        if part != "key":
            yield f"{target}.{part}.bias", bias.copy()
        elif bias.any():
            raise ValueError(f"{source} gives the key a bias, which openai-whisper cannot hold")


def _linear(table: Table, source: str, target: str) -> Iterator[tuple[str, NDArray[Any]]]:
    yield f"{target}.weight", table.read(f"{source}/weight")
    yield f"{target}.bias", table.read(f"{source}/bias")


def _norm(table: Table, source: str, target: str) -> Iterator[tuple[str, NDArray[Any]]]:
    yield f"{target}.weight", table.read(f"{source}/gamma")
    yield f"{target}.bias", table.read(f"{source}/beta")
