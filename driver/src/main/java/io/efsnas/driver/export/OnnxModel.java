package io.efsnas.driver.export;

import io.efsnas.driver.process.Version;
import io.efsnas.network.Layer;
import io.efsnas.network.Network;
import io.efsnas.network.Network.Node;
import io.efsnas.network.Weight;
import io.efsnas.retraining.NetworkTensors;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/**
 * A network in ONNX: images {@code [batch][channel][row][column]} of pixels from 0 to 1 become logits and probabilities
 * {@code [batch][class]}. The graph normalises the pixels, any number of images is a batch, and its tensors have the
 * names of the network's.
 */
final class OnnxModel {

    /** The oldest set of operators that has all of these as they are today, so that old runtimes load the file, too. */
    private static final int OPSET = 13;

    private static final int IR_VERSION = 7;
    private static final float EPSILON = 1e-5f;
    private static final String IMAGES = "images";
    private static final String BATCH = "batch";
    private static final String LOGITS = "logits";
    private static final String PROBABILITIES = "probabilities";
    private static final String MEAN = "normalization.mean";
    private static final String DEVIATION = "normalization.deviation";

    private OnnxModel() {}

    static ModelProto of(TrainedNetwork trained) {
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("efsnas")
                .setProducerVersion(Version.of())
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(graph(trained));
        trained.about()
                .forEach((key, value) -> model.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build();
    }

    private static GraphProto graph(TrainedNetwork trained) {
        Network network = trained.network();
        int channels = network.image().channels();
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName(trained.space().name())
                .addInput(value(
                        IMAGES,
                        channels,
                        network.image().height(),
                        network.image().width()))
                .addOutput(value(LOGITS, network.classes()))
                .addOutput(value(PROBABILITIES, network.classes()))
                .addInitializer(perChannel(MEAN, trained.normalization().mean()))
                .addInitializer(perChannel(DEVIATION, trained.normalization().deviation()));
        for (Node node : network.nodes()) {
            for (Weight weight : NetworkTensors.of(node.layer())) {
                graph.addInitializer(tensor(weight.name(), trained.tensor(weight.name())));
            }
            node.layer().accept(new Addition(graph, node, name(network, node)));
        }
        graph.addNode(operation("Softmax", List.of(LOGITS), PROBABILITIES).addAttribute(number("axis", 1)));
        return graph.build();
    }

    private static String name(Network network, Node node) {
        return node.index() == network.nodes().size() - 1 ? LOGITS : name(node.index());
    }

    private static String name(int node) {
        return "node" + node;
    }

    /** Values of each image; how many images there are is open. */
    private static ValueInfoProto value(String name, int... sizes) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(BATCH));
        for (int size : sizes) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                                .setShape(shape)))
                .build();
    }

    private static TensorProto perChannel(String name, List<Double> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return tensor(name, new Tensor(List.of(1, floats.length, 1, 1), floats));
    }

    private static TensorProto tensor(String name, Tensor tensor) {
        TensorProto.Builder proto =
                TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT_VALUE);
        tensor.shape().forEach(proto::addDims);
        for (float value : tensor.values()) {
            proto.addFloatData(value);
        }
        return proto.build();
    }

    private static NodeProto.Builder operation(String type, List<String> inputs, String output) {
        return NodeProto.newBuilder()
                .setOpType(type)
                .setName(output)
                .addAllInput(inputs)
                .addOutput(output);
    }

    private static AttributeProto number(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.INT)
                .setI(value)
                .build();
    }

    private static AttributeProto fraction(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    private static AttributeProto numbers(String name, int count, long value) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
        for (int i = 0; i < count; i++) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    /** Adds the operations of a node to the graph. */
    private record Addition(GraphProto.Builder graph, Node node, String output)
            implements Layer.Visitor<NodeProto.Builder> {

        /** An operation on the outputs of other nodes, and then on weights of this one. */
        private NodeProto.Builder add(String type, AttributeProto... attributes) {
            List<String> inputs = new ArrayList<>();
            node.inputs().forEach(input -> inputs.add(name(input)));
            NetworkTensors.of(node.layer()).forEach(weight -> inputs.add(weight.name()));
            return addTo(operation(type, inputs, output).addAllAttribute(Arrays.asList(attributes)));
        }

        private NodeProto.Builder addTo(NodeProto.Builder operation) {
            graph.addNode(operation);
            return operation;
        }

        private NodeProto.Builder addWindow(
                String type, int kernel, int stride, int padding, AttributeProto... further) {
            List<AttributeProto> attributes = new ArrayList<>(List.of(
                    numbers("kernel_shape", 2, kernel), numbers("strides", 2, stride), numbers("pads", 4, padding)));
            attributes.addAll(Arrays.asList(further));
            return add(type, attributes.toArray(AttributeProto[]::new));
        }

        @Override
        public NodeProto.Builder input(Layer.Input layer) {
            String centred = output + ".centred";
            addTo(operation("Sub", List.of(IMAGES, MEAN), centred));
            return addTo(operation("Div", List.of(centred, DEVIATION), output));
        }

        @Override
        public NodeProto.Builder convolution(Layer.Convolution layer) {
            return addWindow("Conv", layer.kernel(), layer.stride(), layer.padding());
        }

        @Override
        public NodeProto.Builder depthwise(Layer.Depthwise layer) {
            return addWindow(
                    "Conv",
                    layer.kernel(),
                    layer.stride(),
                    layer.padding(),
                    number("group", layer.channels()),
                    numbers("dilations", 2, layer.dilation()));
        }

        @Override
        public NodeProto.Builder batchNorm(Layer.BatchNorm layer) {
            return add("BatchNormalization", fraction("epsilon", EPSILON));
        }

        @Override
        public NodeProto.Builder relu(Layer.Relu layer) {
            return add("Relu");
        }

        @Override
        public NodeProto.Builder relu6(Layer.Relu6 layer) {
            String least = output + ".least";
            String most = output + ".most";
            graph.addInitializer(tensor(least, new Tensor(List.of(), new float[] {0})))
                    .addInitializer(tensor(most, new Tensor(List.of(), new float[] {6})));
            return addTo(operation("Clip", List.of(name(node.inputs().get(0)), least, most), output));
        }

        @Override
        public NodeProto.Builder hardSigmoid(Layer.HardSigmoid layer) {
            return add("HardSigmoid", fraction("alpha", 1f / 6), fraction("beta", 0.5f));
        }

        /** Factors that come from a linear layer are rows; a size of 0 stands for as many images as there are. */
        @Override
        public NodeProto.Builder channelScale(Layer.ChannelScale layer) {
            String shape = integers("shape", 0, node.shape().channels(), 1, 1);
            String factors = output + ".factors";
            addTo(operation("Reshape", List.of(name(node.inputs().get(1)), shape), factors));
            return addTo(operation("Mul", List.of(name(node.inputs().get(0)), factors), output));
        }

        /** By default ONNX does not count what is outside the image. */
        @Override
        public NodeProto.Builder averagePool(Layer.AveragePool layer) {
            return addWindow("AveragePool", layer.kernel(), layer.stride(), layer.padding());
        }

        @Override
        public NodeProto.Builder maxPool(Layer.MaxPool layer) {
            return addWindow("MaxPool", layer.kernel(), layer.stride(), layer.padding());
        }

        @Override
        public NodeProto.Builder subsample(Layer.Subsample layer) {
            List<String> inputs = new ArrayList<>(List.of(name(node.inputs().get(0))));
            inputs.add(integers("starts", layer.first(), layer.first()));
            inputs.add(integers("ends", Integer.MAX_VALUE, Integer.MAX_VALUE));
            inputs.add(integers("axes", 2, 3));
            inputs.add(integers("steps", layer.stride(), layer.stride()));
            return addTo(operation("Slice", inputs, output));
        }

        /** Adds whole numbers that an operation takes as a tensor. */
        private String integers(String word, long... values) {
            String name = output + "." + word;
            TensorProto.Builder tensor = TensorProto.newBuilder()
                    .setName(name)
                    .setDataType(TensorProto.DataType.INT64_VALUE)
                    .addDims(values.length);
            for (long value : values) {
                tensor.addInt64Data(value);
            }
            graph.addInitializer(tensor);
            return name;
        }

        @Override
        public NodeProto.Builder concatenation(Layer.Concatenation layer) {
            return add("Concat", number("axis", 1));
        }

        @Override
        public NodeProto.Builder sum(Layer.Sum layer) {
            return add("Sum");
        }

        @Override
        public NodeProto.Builder globalAveragePool(Layer.GlobalAveragePool layer) {
            return add("GlobalAveragePool");
        }

        @Override
        public NodeProto.Builder linear(Layer.Linear layer) {
            String row = output + ".row";
            addTo(operation("Flatten", List.of(name(node.inputs().get(0))), row));
            List<Weight> weights = layer.weights();
            return addTo(operation(
                            "Gemm",
                            List.of(row, weights.get(0).name(), weights.get(1).name()),
                            output)
                    .addAttribute(number("transB", 1)));
        }
    }
}
