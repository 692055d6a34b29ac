package io.efsnas.driver.export;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.retrain.Dl4jTensors;
import io.efsnas.retraining.RetrainingStates;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A format that a trained network can be written in. */
public enum ExportFormat {
    /** One file for ONNX runtimes, which takes pixels from 0 to 1 and normalises them itself. */
    ONNX(".onnx") {
        @Override
        void write(TrainedNetwork network, OutputStream out, String name) throws IOException {
            OnnxModel.of(network).writeTo(out);
        }
    },
    /** A Python source that needs PyTorch alone, beside the weights as safetensors. */
    PYTORCH(".py") {
        @Override
        void write(TrainedNetwork network, OutputStream out, String name) throws IOException {
            out.write(PyTorchSource.of(network, name.replaceFirst("\\.py$", SAFETENSORS.ending))
                    .getBytes(StandardCharsets.UTF_8));
        }
    },
    /** A DL4J {@code ComputationGraph}, which takes normalised images and gives probabilities. */
    DL4J(".zip") {
        @Override
        void write(TrainedNetwork network, OutputStream out, String name) throws IOException {
            try {
                Dl4jTensors.write(network.network(), network.tensors(), out);
            } catch (IllegalArgumentException e) {
                throw new UserMistake("--format dl4j: " + e.getMessage() + "; expected another format", e);
            }
        }
    },
    /** The tensors alone, with the architecture in the file's metadata. */
    SAFETENSORS(".safetensors") {
        @Override
        void write(TrainedNetwork network, OutputStream out, String name) throws IOException {
            RetrainingStates.writeModel(network.tensors(), network.about(), out);
        }
    };

    private final String ending;

    ExportFormat(String ending) {
        this.ending = ending;
    }

    /** How names of such files end. */
    public String ending() {
        return ending;
    }

    /**
     * Writes a network.
     *
     * @param name the name of the file
     */
    abstract void write(TrainedNetwork network, OutputStream out, String name) throws IOException;
}
