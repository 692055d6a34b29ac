package io.efsnas.driver.retrain;

import io.efsnas.space.Layer;
import io.efsnas.space.Network;
import io.efsnas.space.Network.Node;
import io.efsnas.space.Shape;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
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
     * @param weightDecay of convolutions and the classifier; batch norms and biases do not decay
     * @param seed of the weights
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
            if (node.layer() instanceof Layer.Sum) {
                graph.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), inputs);
            } else if (!(node.layer() instanceof Layer.Input)) {
                graph.addLayer(name, layer(node.layer()), inputs);
            }
        }
        graph.setOutputs(names.get(names.size() - 1));
        ComputationGraph built = new ComputationGraph(graph.build());
        built.init();
        return built;
    }

    private static String name(Node node) {
        if (node.layer() instanceof Layer.Input) {
            return IMAGE;
        } else if (node.layer() instanceof Layer.Convolution convolution) {
            return convolution.name();
        } else if (node.layer() instanceof Layer.BatchNorm norm) {
            return norm.name();
        } else if (node.layer() instanceof Layer.Linear linear) {
            return linear.name();
        }
        return node.layer().getClass().getSimpleName() + node.index();
    }

    private static org.deeplearning4j.nn.conf.layers.Layer layer(Layer layer) {
        if (layer instanceof Layer.Convolution convolution) {
            return new ConvolutionLayer.Builder(convolution.kernel(), convolution.kernel())
                    .stride(convolution.stride(), convolution.stride())
                    .padding(convolution.padding(), convolution.padding())
                    .nOut(convolution.outputs())
                    .hasBias(false)
                    .build();
        } else if (layer instanceof Layer.BatchNorm) {
            return new BatchNormalization.Builder().build();
        } else if (layer instanceof Layer.Relu) {
            return new ActivationLayer(Activation.RELU);
        } else if (layer instanceof Layer.AveragePool pool) {
            return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
                    .kernelSize(pool.kernel(), pool.kernel())
                    .stride(pool.stride(), pool.stride())
                    .padding(pool.padding(), pool.padding())
                    .avgPoolIncludePadInDivisor(false)
                    .build();
        } else if (layer instanceof Layer.GlobalAveragePool) {
            return new GlobalPoolingLayer(PoolingType.AVG);
        } else if (layer instanceof Layer.Linear linear) {
            return new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(linear.outputs())
                    .activation(Activation.SOFTMAX)
                    .build();
        }
        throw new IllegalStateException("DL4J has no layer for " + layer);
    }
}
