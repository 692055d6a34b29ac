package io.efsnas.driver.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.driver.process.Version;
import io.efsnas.network.Layer;
import io.efsnas.network.Network;
import io.efsnas.network.Network.Node;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A network as a Python source that needs PyTorch and nothing else: a line for each layer that learns, a line for each
 * step of the computation, and a reader of the weights beside it.
 */
final class PyTorchSource {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SOURCE =
            """
            \"""The architecture @ARCHITECTURE@
            of @SPACE@, with network.channels = @CHANNELS@ and network.cells = @CELLS@, exported by efsnas @VERSION@.

                network = load()
                logits = network(images)  # images[image][channel][row][column], pixels from 0 to 1

            \"""

            import json
            import os
            import struct

            import torch
            import torch.nn.functional as F
            from torch import nn

            SHAPE = (@SHAPE@)  # channels, rows and columns of an image
            CLASSES = @CLASSES@
            MEAN = @MEAN@
            DEVIATION = @DEVIATION@
            WEIGHTS = @WEIGHTS@  # in the folder of this file


            class Network(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.register_buffer("pixel_mean", torch.tensor(MEAN).view(1, -1, 1, 1), persistent=False)
                    self.register_buffer("pixel_deviation", torch.tensor(DEVIATION).view(1, -1, 1, 1), persistent=False)
            @LAYERS@

                def add(self, name, layer):
                    \"""Adds a layer under the dotted name that its weights have in the file.\"""
                    module = self
                    *path, last = name.split(".")
                    for part in path:
                        if not hasattr(module, part):
                            module.add_module(part, nn.Module())
                        module = getattr(module, part)
                    module.add_module(last, layer)

                def forward(self, images):
                    layer = self.get_submodule
            @STEPS@


            def load(path=None):
                \"""The trained network, ready to classify.\"""
                path = path or os.path.join(os.path.dirname(os.path.abspath(__file__)), WEIGHTS)
                with open(path, "rb") as file:
                    header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
                    values = file.read()
                state = {}
                for name, tensor in header.items():
                    if name != "__metadata__":
                        begin, end = tensor["data_offsets"]
                        floats = torch.frombuffer(bytearray(values[begin:end]), dtype=torch.float32)
                        state[name] = floats.reshape(tensor["shape"])
                network = Network()
                missing, unknown = network.load_state_dict(state, strict=False)
                if unknown or any(not name.endswith("num_batches_tracked") for name in missing):
                    raise ValueError(f"{path} has weights of another network: {unknown} {missing}")
                return network.eval()
            """;

    private PyTorchSource() {}

    /**
     * The source.
     *
     * @param weights the name of the file of the weights
     */
    static String of(TrainedNetwork trained, String weights) {
        Network network = trained.network();
        String layers = network.nodes().stream()
                .flatMap(node -> node.layer().accept(new Declaration()).stream())
                .map(line -> "        " + line)
                .collect(Collectors.joining("\n"));
        String steps = network.nodes().stream()
                .map(node ->
                        "        x%d = %s".formatted(node.index(), node.layer().accept(new Step(node))))
                .collect(Collectors.joining("\n"));
        String last = "\n        return x%d".formatted(network.nodes().size() - 1);
        return SOURCE.replace("@ARCHITECTURE@", trained.architectureText())
                .replace("@SPACE@", trained.space().name())
                .replace("@CHANNELS@", Integer.toString(trained.size().channels()))
                .replace("@CELLS@", Integer.toString(trained.size().cells()))
                .replace("@VERSION@", Version.of())
                .replace(
                        "@SHAPE@",
                        "%d, %d, %d"
                                .formatted(
                                        network.image().channels(),
                                        network.image().height(),
                                        network.image().width()))
                .replace("@CLASSES@", json(trained.classNames()))
                .replace("@MEAN@", json(trained.normalization().mean()))
                .replace("@DEVIATION@", json(trained.normalization().deviation()))
                .replace("@WEIGHTS@", json(weights))
                .replace("@LAYERS@", layers)
                .replace("@STEPS@", steps + last);
    }

    /** Lists, texts and numbers, which JSON writes as Python does. */
    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How a layer that learns is made; empty for one that does not. */
    private record Declaration() implements Layer.Visitor<Optional<String>> {

        private static Optional<String> add(String name, String layer) {
            return Optional.of("self.add(%s, %s)".formatted(json(name), layer));
        }

        @Override
        public Optional<String> input(Layer.Input layer) {
            return Optional.empty();
        }

        @Override
        public Optional<String> convolution(Layer.Convolution layer) {
            return add(
                    layer.name(),
                    "nn.Conv2d(%d, %d, %d, stride=%d, padding=%d, bias=False)"
                            .formatted(
                                    layer.inputs(), layer.outputs(), layer.kernel(), layer.stride(), layer.padding()));
        }

        @Override
        public Optional<String> depthwise(Layer.Depthwise layer) {
            int channels = layer.channels();
            return add(
                    layer.name(),
                    "nn.Conv2d(%d, %d, %d, stride=%d, padding=%d, dilation=%d, groups=%d, bias=False)"
                            .formatted(
                                    channels,
                                    channels,
                                    layer.kernel(),
                                    layer.stride(),
                                    layer.padding(),
                                    layer.dilation(),
                                    channels));
        }

        @Override
        public Optional<String> batchNorm(Layer.BatchNorm layer) {
            return add(layer.name(), "nn.BatchNorm2d(%d)".formatted(layer.channels()));
        }

        @Override
        public Optional<String> relu(Layer.Relu layer) {
            return Optional.empty();
        }

        @Override
        public Optional<String> relu6(Layer.Relu6 layer) {
            return Optional.empty();
        }

        @Override
        public Optional<String> hardSigmoid(Layer.HardSigmoid layer) {
            return Optional.empty();
        }

        @Override
        public Optional<String> channelScale(Layer.ChannelScale layer) {
            return Optional.empty();
        }

        @Override
        public Optional<String> averagePool(Layer.AveragePool layer) {
            return Optional.empty();
        }

        @Override
        public Optional<String> maxPool(Layer.MaxPool layer) {
            return Optional.empty();
        }

        @Override
        public Optional<String> subsample(Layer.Subsample layer) {
            return Optional.empty();
        }

        @Override
        public Optional<String> concatenation(Layer.Concatenation layer) {
            return Optional.empty();
        }

        @Override
        public Optional<String> sum(Layer.Sum layer) {
            return Optional.empty();
        }

        @Override
        public Optional<String> globalAveragePool(Layer.GlobalAveragePool layer) {
            return Optional.empty();
        }

        @Override
        public Optional<String> linear(Layer.Linear layer) {
            return add(layer.name(), "nn.Linear(%d, %d)".formatted(layer.inputs(), layer.outputs()));
        }
    }

    /** What a node computes from earlier ones. */
    private record Step(Node node) implements Layer.Visitor<String> {

        private String x() {
            return "x" + node.inputs().get(0);
        }

        private String learned(String name, String input) {
            return "layer(%s)(%s)".formatted(json(name), input);
        }

        @Override
        public String input(Layer.Input layer) {
            return "(images - self.pixel_mean) / self.pixel_deviation";
        }

        @Override
        public String convolution(Layer.Convolution layer) {
            return learned(layer.name(), x());
        }

        @Override
        public String depthwise(Layer.Depthwise layer) {
            return learned(layer.name(), x());
        }

        @Override
        public String batchNorm(Layer.BatchNorm layer) {
            return learned(layer.name(), x());
        }

        @Override
        public String relu(Layer.Relu layer) {
            return "F.relu(%s)".formatted(x());
        }

        @Override
        public String relu6(Layer.Relu6 layer) {
            return "F.relu6(%s)".formatted(x());
        }

        @Override
        public String hardSigmoid(Layer.HardSigmoid layer) {
            return "F.hardsigmoid(%s)".formatted(x());
        }

        /** Factors that come from a linear layer are rows. */
        @Override
        public String channelScale(Layer.ChannelScale layer) {
            return "%s * x%d.flatten(1)[:, :, None, None]"
                    .formatted(x(), node.inputs().get(1));
        }

        @Override
        public String averagePool(Layer.AveragePool layer) {
            return "F.avg_pool2d(%s, %d, stride=%d, padding=%d, count_include_pad=False)"
                    .formatted(x(), layer.kernel(), layer.stride(), layer.padding());
        }

        @Override
        public String maxPool(Layer.MaxPool layer) {
            return "F.max_pool2d(%s, %d, stride=%d, padding=%d)"
                    .formatted(x(), layer.kernel(), layer.stride(), layer.padding());
        }

        @Override
        public String subsample(Layer.Subsample layer) {
            return "%1$s[:, :, %2$d::%3$d, %2$d::%3$d]".formatted(x(), layer.first(), layer.stride());
        }

        @Override
        public String concatenation(Layer.Concatenation layer) {
            return node.inputs().stream()
                    .map(input -> "x" + input)
                    .collect(Collectors.joining(", ", "torch.cat([", "], 1)"));
        }

        @Override
        public String sum(Layer.Sum layer) {
            return node.inputs().stream().map(input -> "x" + input).collect(Collectors.joining(" + "));
        }

        @Override
        public String globalAveragePool(Layer.GlobalAveragePool layer) {
            return "%s.mean((2, 3), keepdim=True)".formatted(x());
        }

        @Override
        public String linear(Layer.Linear layer) {
            return learned(layer.name(), x() + ".flatten(1)");
        }
    }
}
