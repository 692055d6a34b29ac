package io.efsnas.supernet.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.Sampling;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.darts.DartsSpace;
import io.efsnas.space.mobilenet.MobileNetSeSpace;
import io.efsnas.space.mobilenet.MobileNetSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.OwnJvm;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors of one cluster may have different processors: their supernets must be the same. */
class VectorWidthTest {

    @TempDir
    private Path directory;

    @Test
    void vectorsOf512BitsTrainTheSameBitsAsThoseOf256() throws Exception {
        List<String> narrow = trained(256);

        assertThat(narrow).hasSize(5).first().asString().endsWith("256 bits");
        List<String> wide = trained(512);
        assertThat(wide).first().asString().endsWith("512 bits");
        assertThat(wide.subList(1, wide.size())).isEqualTo(narrow.subList(1, narrow.size()));
    }

    private List<String> trained(int bits) throws Exception {
        return OwnJvm.run(
                directory,
                Trained.class,
                List.of("-D" + Groups.BITS + "=" + bits, "--add-modules=jdk.incubator.vector", "-Xmx256m"));
    }

    /** Prints the engine, and for each space what a supernet's tensors and answers come to after two steps. */
    static final class Trained {

        /** Halved twice, rows have 3 pixels: one is left over by pairs. */
        private static final Shape IMAGE = new Shape(3, 8, 12);

        public static void main(String[] args) {
            System.out.println(new VectorEngine().description(Device.CPU));
            Map<String, SearchSpace> spaces = new TreeMap<>(Map.of(
                    "darts",
                    new DartsSpace(),
                    "mobilenet",
                    new MobileNetSpace(),
                    "mobilenet-se",
                    new MobileNetSeSpace(),
                    "nas-bench-201",
                    new NasBench201Space()));
            spaces.forEach((name, space) -> System.out.println(name + " " + outcome(space)));
        }

        private static int outcome(SearchSpace space) {
            SupernetSpec spec =
                    new SupernetSpec(space, new ModelSize(8, 3, IMAGE, 2), new Optimizer(0.9f, 5e-4f, 1), 18, 3);
            SplittableRandom random = new SplittableRandom(3);
            float[] pixels = new float[18 * IMAGE.size()];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) random.nextDouble();
            }
            Batch batch = new Batch(pixels, random.ints(18, 0, 2).toArray(), IMAGE);
            try (Supernet supernet = new VectorEngine().create(spec, Resources.cpu(1))) {
                int hash = 0;
                for (int step = 0; step < 2; step++) {
                    var subnet = Stream.generate(() -> Sampling.any(space, random))
                            .filter(space::connected)
                            .findFirst()
                            .orElseThrow();
                    hash = 31 * hash
                            + supernet.train(batch, List.of(subnet), 0.05f)
                                    .get()
                                    .hashCode();
                }
                for (var tensor : new TreeMap<>(supernet.state().tensors()).values()) {
                    hash = 31 * hash + Arrays.hashCode(tensor.values());
                }
                return hash;
            }
        }
    }
}
