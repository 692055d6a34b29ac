package io.efsnas.driver.retrain;

import io.efsnas.driver.retrain.cluster.Nd4jRuntime;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Weight;
import io.efsnas.retraining.NetworkTensors;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.convolution.DepthwiseConvolution2DLayer;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The weights and statistics of a network as DL4J's graph of it has them, and as PyTorch names them. */
public final class Dl4jTensors {

    /** The logarithm to base 10 of the deviation. */
    private static final String VARIANCE = "_log10stdev";

    private Dl4jTensors() {}

    /** What networks of a space have, at some size, that DL4J cannot compute; empty if it computes every one. */
    public static Optional<String> beyondDl4j(SearchSpace space, ModelSize size) {
        return space.covering().stream()
                .flatMap(architecture -> space.network(architecture, size).nodes().stream())
                .flatMap(node -> FinalNetwork.beyondDl4j(node.layer()).stream())
                .findFirst();
    }

    /**
     * Writes a network as DL4J reads it: with given weights and statistics, and without momenta.
     *
     * @throws IOException if writing fails
     * @throws IllegalArgumentException naming a layer that DL4J cannot compute
     */
    public static void write(Network network, Map<String, Tensor> tensors, OutputStream out) throws IOException {
        ModelSerializer.writeModel(graph(network, tensors), out, false);
    }

    /**
     * Reads the weights and statistics of a network that DL4J has written.
     *
     * @throws IOException if reading fails
     */
    public static Map<String, Tensor> read(Network network, InputStream in) throws IOException {
        Nd4jRuntime.prepare(1);
        return of(network, ModelSerializer.restoreComputationGraph(in, false));
    }

    /** A graph of a network with given weights and statistics. */
    static ComputationGraph graph(Network network, Map<String, Tensor> tensors) {
        Nd4jRuntime.prepare(1);
        ComputationGraph graph = FinalNetwork.of(network, 0, 0, 0);
        for (Weight weight : all(network)) {
            String name = parameter(weight, graph);
            INDArray ordered = Nd4j.createFromArray(tensors.get(weight.name()).values())
                    .reshape(
                            'c',
                            weight.shape().stream().mapToInt(Integer::intValue).toArray());
            INDArray values = turned(weight, graph, ordered);
            INDArray kept = name.endsWith(VARIANCE) ? Transforms.log(values).div(2 * Math.log(10)) : values;
            graph.getParam(name).assign(kept.reshape(graph.getParam(name).shape()));
        }
        return graph;
    }

    /** The weights and statistics of a graph, without momenta. */
    private static Map<String, Tensor> of(Network network, ComputationGraph graph) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        all(network).forEach(weight -> tensors.put(weight.name(), tensor(weight, graph)));
        return tensors;
    }

    private static List<Weight> all(Network network) {
        NetworkTensors tensors = NetworkTensors.of(network);
        return Stream.of(tensors.learned(), tensors.statistics())
                .flatMap(List::stream)
                .toList();
    }

    static Tensor tensor(Weight weight, ComputationGraph graph) {
        String name = parameter(weight, graph);
        INDArray values = name.endsWith(VARIANCE)
                ? Transforms.exp(graph.getParam(name).mul(2 * Math.log(10)))
                : graph.getParam(name);
        INDArray ordered = turned(weight, graph, values);
        return new Tensor(weight.shape(), ordered.dup('c').data().asFloat());
    }

    /** Between our order of axes and DL4J's, which the same permutation turns into each other. */
    private static INDArray turned(Weight weight, ComputationGraph graph, INDArray values) {
        if (weight.shape().size() == 2) {
            return values.transpose(); // [inputs, outputs] in DL4J
        }
        return graph.getLayer(layer(weight)) instanceof DepthwiseConvolution2DLayer
                ? values.permute(2, 3, 0, 1) // [row, column, channel, 1] in DL4J
                : values;
    }

    private static String layer(Weight weight) {
        return weight.name().replaceFirst("\\.\\w+$", "");
    }

    private static String parameter(Weight weight, ComputationGraph graph) {
        String layer = layer(weight);
        boolean norm = graph.getParam(layer + "_gamma") != null;
        return layer
                + switch (weight.name().substring(layer.length())) {
                    case ".weight" -> norm ? "_gamma" : "_W";
                    case ".bias" -> norm ? "_beta" : "_b";
                    case ".running_mean" -> "_mean";
                    default -> VARIANCE;
                };
    }
}
