package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GPU, as {@code nvidia-smi} describes it.
 *
 * @param name such as {@code NVIDIA A100-SXM4-80GB}
 * @param computeCapability such as 8.0, which says for which GPUs a library has to be built
 */
@DefaultSerializer(JavaSerializer.class)
public record GpuDescription(String name, double computeCapability) implements Serializable {

    private static final Pattern LINE = Pattern.compile("(.+), (\\d+\\.\\d+)");

    /**
     * Reads what {@code nvidia-smi --query-gpu=name,compute_cap --format=csv,noheader} prints of one GPU.
     *
     * @return empty if that is anything else
     */
    static Optional<GpuDescription> parse(String output) {
        Matcher line = LINE.matcher(output.strip());
        return line.matches()
                ? Optional.of(new GpuDescription(line.group(1), Double.parseDouble(line.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return name + " of compute capability " + computeCapability;
    }
}
