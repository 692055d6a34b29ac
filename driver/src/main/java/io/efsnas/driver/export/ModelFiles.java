package io.efsnas.driver.export;

import io.efsnas.checkpoint.Safetensors;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.retrain.Dl4jTensors;
import io.efsnas.driver.run.ModelRecord;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunFile;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/** The model that a retraining has left in a directory. */
public final class ModelFiles {

    private ModelFiles() {}

    /**
     * Reads it, whichever engine has trained it.
     *
     * @throws UserMistake naming the file if there is none, or one is damaged
     */
    public static TrainedNetwork read(RunDirectory directory) {
        ModelRecord about = directory
                .model()
                .orElseThrow(
                        () -> new UserMistake(
                                directory + " has no " + RunFile.MODEL.fileName()
                                        + "; run efsnas retrain, or give --architecture to export a subnet with the weights of its supernet"));
        SearchConfig config = SearchConfig.parse(about.producedBy().config().toString());
        SearchSpace space = config.space().space();
        Shape image = new Shape(
                about.inputShape().get(0),
                about.inputShape().get(1),
                about.inputShape().get(2));
        ModelSize size = config.finalSize(image, about.classNames().size());
        TrainedNetwork untrained = new TrainedNetwork(
                space,
                UserMistake.checking(directory.path(RunFile.MODEL) + ": ", () -> space.parse(about.architecture())),
                size,
                Map.of(),
                about.normalization(),
                about.classNames());
        return untrained.with(tensors(directory, untrained));
    }

    private static Map<String, Tensor> tensors(RunDirectory directory, TrainedNetwork network) {
        boolean ofDl4j = !directory.has(RunFile.MODEL_WEIGHTS);
        Path file = directory.path(ofDl4j ? RunFile.MODEL_OF_DL4J : RunFile.MODEL_WEIGHTS);
        try (InputStream in = directory.files().open(file)) {
            return ofDl4j
                    ? Dl4jTensors.read(network.network(), in)
                    : Safetensors.read(in.readAllBytes()).tensors();
        } catch (IOException e) {
            throw new UserMistake(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
