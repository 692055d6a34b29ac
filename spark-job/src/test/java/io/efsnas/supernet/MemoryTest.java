package io.efsnas.supernet;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.Sampling;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A search takes a hundred thousand steps: what a step leaves behind would end it. */
class MemoryTest {

    @TempDir
    private Path directory;

    /** When nd4j kept a handle of every array, these steps took 90 MB. */
    @ParameterizedTest
    @ValueSource(strings = {"vector", "nd4j", "libtorch"})
    void staysWhatItIsOverThousandsOfStepsOfDifferentSubnets(String engine) throws Exception {
        List<String> printed = OwnJvm.run(
                directory,
                Steps.class,
                List.of(
                        "-Dengine=" + engine,
                        "-Xms128m",
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:+AlwaysPreTouch", // so that the heap, which is full at times, does not count
                        "--add-modules=jdk.incubator.vector"));

        assertThat(printed).hasSize(2);
        assertThat(Long.parseLong(printed.get(1)) - Long.parseLong(printed.get(0)))
                .as("KiB after 500 and 1,250 steps: %s", printed)
                .isLessThan(16 * 1024);
    }

    /** Prints the process's memory, in KiB, after the first 500 of 1,250 steps and at their end. */
    static final class Steps {

        public static void main(String[] args) throws IOException {
            NasBench201Space space = new NasBench201Space();
            Shape image = new Shape(1, 4, 4);
            SupernetSpec spec =
                    new SupernetSpec(space, new ModelSize(1, 1, image, 2), new Optimizer(0.9f, 5e-4f, 1), 2, 3);
            Batch batch = new Batch(new float[2 * image.size()], new int[] {0, 1}, image);
            SplittableRandom random = new SplittableRandom(3);
            try (Supernet supernet = Engine.named(System.getProperty("engine")).create(spec, Resources.cpu(1))) {
                steps(supernet, space, random, batch, 500);
                System.out.println(residentKib());
                steps(supernet, space, random, batch, 750);
                System.out.println(residentKib());
            }
        }

        private static void steps(
                Supernet supernet, NasBench201Space space, SplittableRandom random, Batch batch, int steps) {
            for (int step = 0; step < steps; step++) {
                Architecture subnet = Stream.generate(() -> Sampling.any(space, random))
                        .filter(space::connected)
                        .findFirst()
                        .orElseThrow();
                supernet.train(batch, List.of(subnet), 0.01f).get();
                supernet.score(batch, List.of(subnet));
            }
        }

        private static long residentKib() throws IOException {
            try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
                return status.filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum();
            }
        }
    }
}
