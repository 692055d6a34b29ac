package io.efsnas.driver.export;

import io.efsnas.data.Normalization;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A network with its weights and statistics, and what it takes and says.
 *
 * @param tensors those of {@link io.efsnas.retraining.NetworkTensors} without momenta, by name
 * @param normalization how pixels become its input
 * @param classNames the names of its outputs
 */
public record TrainedNetwork(
        SearchSpace space,
        Architecture architecture,
        ModelSize size,
        Map<String, Tensor> tensors,
        Normalization normalization,
        List<String> classNames) {

    /** The same with other weights. */
    public TrainedNetwork with(Map<String, Tensor> others) {
        return new TrainedNetwork(space, architecture, size, others, normalization, classNames);
    }

    /** Its layers. */
    public Network network() {
        return space.network(architecture, size);
    }

    String architectureText() {
        return space.format(architecture);
    }

    Tensor tensor(String name) {
        return tensors.get(name);
    }

    /** What files say of it beside its tensors. */
    Map<String, String> about() {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("space", space.name());
        about.put("architecture", architectureText());
        about.put("channels", Integer.toString(size.channels()));
        about.put("cells", Integer.toString(size.cells()));
        about.put("image", size.image().toString());
        about.put("classes", Integer.toString(size.classes()));
        about.put("classNames", String.join(",", classNames));
        about.put("mean", numbers(normalization.mean()));
        about.put("deviation", numbers(normalization.deviation()));
        return about;
    }

    private static String numbers(List<Double> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
