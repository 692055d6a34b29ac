package io.efsnas.driver.retrain;

import io.efsnas.network.Layer;
import io.efsnas.network.Network;
import io.efsnas.network.Network.Node;
import io.efsnas.network.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Builds the network that a space describes as a DL4J graph. It has the layers of the supernet's subnet, with batch norms
 * that are affine and keep running statistics; it takes images as {@code [image][channel][row][column]} and gives the
 * probability of each class. A layer that learns has the name of its weights in the supernet.
 */
final class FinalNetwork {

    private static final String IMAGE = "image";

    private FinalNetwork() {}

    /**
     * A graph with fresh weights: convolutions and the classifier as He and others draw them, as NAS-Bench-201 does.
     *
     * @param network one without layers that DL4J cannot compute
     * @param weightDecay the weight decay of convolutions and the classifier; batch norms and biases do not decay
     * @param seed the seed of the weights
     * @throws IllegalArgumentException naming a layer that DL4J cannot compute
     */
    static ComputationGraph of(Network network, double momentum, double weightDecay, long seed) {
        Shape image = network.image();
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(WeightInit.RELU)
                .activation(Activation.IDENTITY)
                .updater(new Nesterovs(momentum))
                .l2(weightDecay)
                .graphBuilder()
                .addInputs(IMAGE)
                .setInputTypes(InputType.convolutional(image.height(), image.width(), image.channels()));
        List<String> names = new ArrayList<>();
        for (Node node : network.nodes()) {
            String name = name(node);
            names.add(name);
            String[] inputs = node.inputs().stream().map(names::get).toArray(String[]::new);
            node.layer().accept(new Addition(graph, name, inputs));
        }
        graph.setOutputs(names.get(names.size() - 1));
        ComputationGraph built = new ComputationGraph(graph.build());
        built.init();
        return built;
    }

    /**
     * What DL4J cannot compute of a layer; empty if it can compute the layer. With oneDNN it fails at depthwise convolutions
     * that are dilated, and its hard sigmoid is another function than that of squeeze-and-excitation.
     */
    static Optional<String> beyondDl4j(Layer layer) {
        if (layer instanceof Layer.Depthwise depthwise && depthwise.dilation() > 1) {
            return Optional.of("dilated depthwise convolutions");
        }
        return layer instanceof Layer.HardSigmoid || layer instanceof Layer.ChannelScale
                ? Optional.of("squeeze-and-excitation")
                : Optional.empty();
    }

    private static IllegalArgumentException refusal(Layer layer, String example) {
        return new IllegalArgumentException(
                "DL4J computes no " + beyondDl4j(layer).orElseThrow() + example);
    }

    private static String name(Node node) {
        return node.layer().accept(new Name(node));
    }

    /** What a layer is called: those that learn something have names of their own. */
    private record Name(Node node) implements Layer.Visitor<String> {

        private String numbered() {
            return node.layer().getClass().getSimpleName() + node.index();
        }

        @Override
        public String input(Layer.Input layer) {
            return IMAGE;
        }

        @Override
        public String convolution(Layer.Convolution layer) {
            return layer.name();
        }

        @Override
        public String depthwise(Layer.Depthwise layer) {
            return layer.name();
        }

        @Override
        public String batchNorm(Layer.BatchNorm layer) {
            return layer.name();
        }

        @Override
        public String relu(Layer.Relu layer) {
            return numbered();
        }

        @Override
        public String relu6(Layer.Relu6 layer) {
            return numbered();
        }

        @Override
        public String hardSigmoid(Layer.HardSigmoid layer) {
            return numbered();
        }

        @Override
        public String channelScale(Layer.ChannelScale layer) {
            return numbered();
        }

        @Override
        public String averagePool(Layer.AveragePool layer) {
            return numbered();
        }

        @Override
        public String maxPool(Layer.MaxPool layer) {
            return numbered();
        }

        @Override
        public String subsample(Layer.Subsample layer) {
            return numbered();
        }

        @Override
        public String concatenation(Layer.Concatenation layer) {
            return numbered();
        }

        @Override
        public String sum(Layer.Sum layer) {
            return numbered();
        }

        @Override
        public String globalAveragePool(Layer.GlobalAveragePool layer) {
            return numbered();
        }

        @Override
        public String linear(Layer.Linear layer) {
            return layer.name();
        }
    }

    /** Adds a layer to a graph. */
    private record Addition(GraphBuilder graph, String name, String[] inputs) implements Layer.Visitor<GraphBuilder> {

        private GraphBuilder add(org.deeplearning4j.nn.conf.layers.Layer layer) {
            return graph.addLayer(name, layer, inputs);
        }

        @Override
        public GraphBuilder input(Layer.Input layer) {
            return graph; // which knows of its input
        }

        @Override
        public GraphBuilder convolution(Layer.Convolution layer) {
            return add(new ConvolutionLayer.Builder(layer.kernel(), layer.kernel())
                    .stride(layer.stride(), layer.stride())
                    .padding(layer.padding(), layer.padding())
                    .nOut(layer.outputs())
                    .hasBias(false)
                    .build());
        }

        @Override
        public GraphBuilder depthwise(Layer.Depthwise layer) {
            if (beyondDl4j(layer).isPresent()) {
                throw refusal(layer, ", such as " + layer.name());
            }
            return add(new DepthwiseConvolution2D.Builder(layer.kernel(), layer.kernel())
                    .stride(layer.stride(), layer.stride())
                    .padding(layer.padding(), layer.padding())
                    .depthMultiplier(1)
                    .nOut(layer.channels())
                    .hasBias(false)
                    .build());
        }

        @Override
        public GraphBuilder batchNorm(Layer.BatchNorm layer) {
            return add(new BatchNormalization.Builder().build());
        }

        @Override
        public GraphBuilder relu(Layer.Relu layer) {
            return add(new ActivationLayer(Activation.RELU));
        }

        @Override
        public GraphBuilder relu6(Layer.Relu6 layer) {
            return add(new ActivationLayer(Activation.RELU6));
        }

        @Override
        public GraphBuilder hardSigmoid(Layer.HardSigmoid layer) {
            throw refusal(layer, "");
        }

        @Override
        public GraphBuilder channelScale(Layer.ChannelScale layer) {
            throw refusal(layer, "");
        }

        @Override
        public GraphBuilder averagePool(Layer.AveragePool layer) {
            return add(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
                    .kernelSize(layer.kernel(), layer.kernel())
                    .stride(layer.stride(), layer.stride())
                    .padding(layer.padding(), layer.padding())
                    .avgPoolIncludePadInDivisor(false)
                    .build());
        }

        @Override
        public GraphBuilder maxPool(Layer.MaxPool layer) {
            return add(largest(layer.kernel(), layer.stride(), layer.padding()));
        }

        private static SubsamplingLayer largest(int kernel, int stride, int padding) {
            return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                    .kernelSize(kernel, kernel)
                    .stride(stride, stride)
                    .padding(padding, padding)
                    .build();
        }

        /** The largest value of a single pixel is that of the pixel. */
        @Override
        public GraphBuilder subsample(Layer.Subsample layer) {
            if (layer.first() == 0) {
                return add(largest(1, layer.stride(), 0));
            }
            String cropped = name + "-cropped";
            graph.addLayer(cropped, new Cropping2D.Builder(layer.first(), 0, layer.first(), 0).build(), inputs);
            return graph.addLayer(name, largest(1, layer.stride(), 0), cropped);
        }

        @Override
        public GraphBuilder concatenation(Layer.Concatenation layer) {
            return graph.addVertex(name, new MergeVertex(), inputs);
        }

        @Override
        public GraphBuilder sum(Layer.Sum layer) {
            return graph.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), inputs);
        }

        @Override
        public GraphBuilder globalAveragePool(Layer.GlobalAveragePool layer) {
            return add(new GlobalPoolingLayer(PoolingType.AVG));
        }

        @Override
        public GraphBuilder linear(Layer.Linear layer) {
            return add(new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(layer.outputs())
                    .activation(Activation.SOFTMAX)
                    .build());
        }
    }
}
