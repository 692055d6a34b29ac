package io.efsnas.retraining;

import io.efsnas.network.Layer;
import io.efsnas.network.Network;
import io.efsnas.network.Weight;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The tensors of a final network, named as PyTorch names them. Beside the weights of the layers, batch norms have a
 * {@code weight} and a {@code bias}, which are learned, and a {@code running_mean} and a {@code running_var}, which are
 * not.
 *
 * @param decaying weights that decay: those of convolutions and of linear layers
 * @param constant weights that do not: biases and all of batch norms
 * @param statistics what batch norms keep
 * @param averages the moving averages of all of these, each named as what it is the average of, after {@link
 *     SupernetState#AVERAGE}; none if no average is kept
 */
public record NetworkTensors(
        List<Weight> decaying, List<Weight> constant, List<Weight> statistics, List<Weight> averages) {

    private static final String MEAN = ".running_mean";
    private static final String VARIANCE = ".running_var";

    public NetworkTensors {
        decaying = List.copyOf(decaying);
        constant = List.copyOf(constant);
        statistics = List.copyOf(statistics);
        averages = List.copyOf(averages);
    }

    /** The tensors of a network of whose weights no average is kept. */
    public static NetworkTensors of(Network network) {
        List<Weight> decaying = new ArrayList<>();
        List<Weight> constant = new ArrayList<>();
        List<Weight> statistics = new ArrayList<>();
        for (Network.Node node : network.nodes()) {
            List<Weight> weights = of(node.layer());
            if (node.layer() instanceof Layer.BatchNorm) {
                constant.addAll(weights.subList(0, 2));
                statistics.addAll(weights.subList(2, 4));
            } else {
                for (Weight weight : weights) {
                    (weight.isBias() ? constant : decaying).add(weight);
                }
            }
        }
        return new NetworkTensors(decaying, constant, statistics, List.of());
    }

    /** The same with averages. */
    NetworkTensors withAverages() {
        return new NetworkTensors(
                decaying,
                constant,
                statistics,
                averaged()
                        .map(tensor ->
                                new Weight(SupernetState.AVERAGE + tensor.name(), tensor.shape(), tensor.fanIn()))
                        .toList());
    }

    private Stream<Weight> averaged() {
        return Stream.of(decaying, constant, statistics).flatMap(List::stream);
    }

    /** A state's averages under the names of what they are averages of; the state itself if it has none. */
    static Map<String, Tensor> averaged(Map<String, Tensor> state) {
        Map<String, Tensor> averages = new LinkedHashMap<>();
        state.forEach((name, tensor) -> {
            if (name.startsWith(SupernetState.AVERAGE)) {
                averages.put(name.substring(SupernetState.AVERAGE.length()), tensor);
            }
        });
        return averages.isEmpty() ? state : averages;
    }

    /** The tensors of a layer: of a batch norm scale, shift, running mean and running variance. */
    public static List<Weight> of(Layer layer) {
        return layer instanceof Layer.BatchNorm norm
                ? List.of(norm.scale(), norm.shift(), channelValues(norm, MEAN), channelValues(norm, VARIANCE))
                : layer.weights();
    }

    private static Weight channelValues(Layer.BatchNorm norm, String suffix) {
        return new Weight(norm.name() + suffix, List.of(norm.channels()), 1);
    }

    /** All that is learned, those that decay first. */
    public List<Weight> learned() {
        return Stream.of(decaying, constant).flatMap(List::stream).toList();
    }

    /** The tensors of a state by their names, momenta and averages included. */
    public Map<String, Weight> shapes() {
        Map<String, Weight> shapes = new LinkedHashMap<>();
        learned().forEach(weight -> shapes.put(weight.name(), weight));
        statistics.forEach(value -> shapes.put(value.name(), value));
        learned().forEach(weight -> shapes.put(SupernetState.MOMENTUM + weight.name(), weight));
        averages.forEach(average -> shapes.put(average.name(), average));
        return shapes;
    }

    /**
     * Checks that this is a state of such a network.
     *
     * @throws IllegalArgumentException naming the first tensor that is missing, unknown or of another shape
     */
    public void requireAll(Map<String, Tensor> state) {
        Set<String> unknown = new TreeSet<>(state.keySet());
        shapes().forEach((name, weight) -> {
            Tensor tensor = state.get(name);
            if (tensor == null || !tensor.shape().equals(weight.shape())) {
                throw new IllegalArgumentException("tensor '" + name + "' should have the shape " + weight.shape()
                        + ", but " + (tensor == null ? "is missing" : "has " + tensor.shape()));
            }
            unknown.remove(name);
        });
        unknown.stream().findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("this network has no tensor '" + name + "'");
        });
    }

    /** How many values are learned. */
    public long parameters() {
        return learned().stream().mapToLong(Weight::size).sum();
    }

    /**
     * Fresh weights, momenta of 0, statistics of a mean of 0 and a variance of 1, and averages that are equal to these. Convolutions and linear layers are
     * drawn as He and others do (<i>Delving Deep into Rectifiers</i>, ICCV 2015), from a normal distribution of variance
     * 2 / fan-in; biases begin at 0, batch norms as the identity.
     */
    public Map<String, Tensor> initial(long seed) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (int i = 0; i < decaying.size(); i++) {
            Weight weight = decaying.get(i);
            SplittableRandom random = KeyedRandom.of(seed, Purpose.INITIAL_WEIGHTS, i);
            double deviation = Math.sqrt(2.0 / weight.fanIn());
            float[] values = new float[weight.size()];
            for (int j = 0; j < values.length; j++) {
                values[j] = (float) (deviation * KeyedRandom.normal(random));
            }
            state.put(weight.name(), new Tensor(weight.shape(), values));
        }
        // A batch norm's scale and variance begin at 1, everything else at 0.
        constant.forEach(weight -> state.put(weight.name(), filled(weight, weight.isBias() ? 0 : 1)));
        statistics.forEach(
                value -> state.put(value.name(), filled(value, value.name().endsWith(MEAN) ? 0 : 1)));
        learned().forEach(weight -> state.put(SupernetState.MOMENTUM + weight.name(), filled(weight, 0)));
        averages.forEach(average ->
                state.put(average.name(), state.get(average.name().substring(SupernetState.AVERAGE.length()))));
        return state;
    }

    private static Tensor filled(Weight weight, float value) {
        float[] values = new float[weight.size()];
        Arrays.fill(values, value);
        return new Tensor(weight.shape(), values);
    }
}
