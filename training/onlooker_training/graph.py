"""Small tools for ONNX files: building a graph by hand, fp16 storage, one shared table."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 18
HALVE_ABOVE = 512


class GraphBuilder:
    """Collects nodes and initializers; every op method returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def op(self, kind: str, *inputs: str, name: str, outputs: list[str] | None = None,
           domain: str = "", **attributes) -> str:
        outputs = outputs or [name]
        self.nodes.append(helper.make_node(kind, list(inputs), outputs, name=f"node:{name}",
                                           domain=domain, **attributes))
        return outputs[0]

    def model(self, name: str, inputs: list, outputs: list) -> onnx.ModelProto:
        graph = helper.make_graph(self.nodes, name, inputs, outputs, self.initializers)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, ir_version=9, producer_name="onlooker-training",
                                 opset_imports=opsets)


def value(name: str, kind: int, shape: list) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def halve(model: onnx.ModelProto, keep: tuple[str, ...] = ()) -> onnx.ModelProto:
    """Stores every larger fp32 initializer as fp16 behind a Cast, which ONNX Runtime folds."""
    graph, casts = model.graph, []
    for tensor in graph.initializer:
        array = numpy_helper.to_array(tensor)
        if array.dtype != np.float32 or array.size < HALVE_ABOVE or tensor.name in keep:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(array.astype(np.float16), f"{name}.fp16"))
        casts.append(helper.make_node("Cast", [f"{name}.fp16"], [name], name=f"cast:{name}",
                                      to=TensorProto.FLOAT))
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + nodes)
    return model


def share(model: onnx.ModelProto, name: str, location: str) -> onnx.ModelProto:
    """Replaces an initializer's data by a reference to the whole of a file beside the model."""
    for tensor in model.graph.initializer:
        if tensor.name == name:
            length = len(tensor.raw_data)
            tensor.ClearField("raw_data")
            tensor.data_location = TensorProto.EXTERNAL
            for key, text in (("location", location), ("offset", "0"), ("length", str(length))):
                tensor.external_data.add(key=key, value=text)
            return model
    raise ValueError(f"no initializer {name}")


def write(model: onnx.ModelProto, path: Path) -> None:
    path.write_bytes(model.SerializeToString())
    onnx.checker.check_model(str(path))
