package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GPU, as {@code nvidia-smi} describes it, and its machine.
 *
 * @param name such as {@code NVIDIA A100-SXM4-80GB}
 * @param computeCapability such as 8.0, which says for which GPUs a library has to be built
 * @param buildsKernels whether its machine has all that the engine {@code cuda} needs
 */
@DefaultSerializer(JavaSerializer.class)
public record GpuDescription(String name, double computeCapability, boolean buildsKernels) implements Serializable {

    private static final Pattern LINE = Pattern.compile("(.+), (\\d+\\.\\d+)");

    /**
     * Reads what {@code nvidia-smi --query-gpu=name,compute_cap --format=csv,noheader} prints of one GPU.
     *
     * @param buildsKernels whether its machine has all that the engine {@code cuda} needs
     * @return empty if that is anything else
     */
    static Optional<GpuDescription> parse(String output, boolean buildsKernels) {
        Matcher line = LINE.matcher(output.strip());
        return line.matches()
                ? Optional.of(new GpuDescription(line.group(1), Double.parseDouble(line.group(2)), buildsKernels))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return name + " of compute capability " + computeCapability;
    }
}
