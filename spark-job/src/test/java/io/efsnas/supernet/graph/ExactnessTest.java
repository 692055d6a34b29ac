package io.efsnas.supernet.graph;

import static io.efsnas.supernet.SupernetStates.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How far a step of each engine is from the same in double precision, for images as a search has them. An input of a ReLU
 * that rounding brings to the other side of zero changes a gradient by far more than rounding itself does, the more so the
 * more of the images are equal; so the reference takes the sides from the engine.
 */
final class ExactnessTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final int IMAGES = 16;
    private static final int SIDE = 16;

    private static final Architecture DEEP = SPACE.parse(
            "|nor_conv_3x3~0|+|skip_connect~0|nor_conv_3x3~1|+|nor_conv_1x1~0|avg_pool_3x3~1|nor_conv_3x3~2|");

    static Stream<Arguments> implementationsAndBatches() throws IOException {
        List<Batch> batches = List.of(smooth(), clothes());
        return Implementations.ALL.stream()
                .flatMap(implementation -> batches.stream().map(batch -> Arguments.of(implementation, batch)));
    }

    /** Noise whose neighbours are alike, as in a photograph. */
    private static Batch smooth() {
        Random random = new Random(1);
        Shape shape = new Shape(3, SIDE, SIDE);
        float[] pixels = new float[IMAGES * shape.size()];
        for (int map = 0; map < IMAGES * 3; map++) {
            double[] waves = random.doubles(30, 0, 6).toArray();
            for (int i = 0; i < SIDE * SIDE; i++) {
                double value = 0;
                for (int wave = 0; wave < waves.length; wave += 3) {
                    double down = waves[wave] * (i / SIDE) / SIDE;
                    double across = waves[wave + 1] * (i % SIDE) / SIDE;
                    value += Math.sin(down + across + waves[wave + 2]) / 2;
                }
                pixels[map * SIDE * SIDE + i] = (float) value;
            }
        }
        return new Batch(pixels, random.ints(IMAGES, 0, 10).toArray(), shape);
    }

    /** Images of which half is background. */
    private static Batch clothes() throws IOException {
        Shape shape = new Shape(1, 28, 28);
        float[] pixels = new float[IMAGES * shape.size()];
        try (InputStream file = new GZIPInputStream(
                Files.newInputStream(Path.of("..", "conf", "data", "fashion-mnist", "t10k-images-idx3-ubyte.gz")))) {
            byte[] bytes = file.readNBytes(16 + pixels.length);
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = ((bytes[16 + i] & 0xff) - 73) / 90f;
            }
        }
        return new Batch(pixels, new Random(2).ints(IMAGES, 0, 10).toArray(), shape);
    }

    /** The sides of zero on which the inputs of ReLUs were, one array for each ReLU of a step. */
    private static final class Sides {

        private final Queue<float[]> outputs = new ArrayDeque<>();

        /** Kernels that do the same and tell the sides. */
        <B> Kernels<B> told(Kernels<B> kernels) {
            @SuppressWarnings("unchecked")
            Kernels<B> telling = (Kernels<B>) Proxy.newProxyInstance(
                    Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                        try {
                            Object result = method.invoke(kernels, arguments);
                            if (method.getName().equals("relu")) {
                                Shape shape = (Shape) arguments[0];
                                float[] output = new float[IMAGES * shape.size()];
                                kernels.read(shape, cast(arguments[2]), output);
                                outputs.add(output);
                            }
                            return result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
            return telling;
        }

        @SuppressWarnings("unchecked")
        private static <B> B cast(Object buffer) {
            return (B) buffer;
        }
    }

    /** The reference with the sides of another. */
    private static final class SidedReference extends ReferenceKernels {

        private final Sides sides;
        private final Map<double[], float[]> sidesOf = new IdentityHashMap<>();

        SidedReference(Sides sides) {
            super(IMAGES);
            this.sides = sides;
        }

        @Override
        public void relu(Shape shape, double[] x, double[] y) {
            float[] side = sides.outputs.remove();
            sidesOf.put(y, side);
            for (int i = 0; i < images * shape.size(); i++) {
                y[i] = side[i] > 0 ? x[i] : 0;
            }
        }

        @Override
        public void reluGradient(Shape shape, double[] y, double[] dy, double[] dx, boolean add) {
            float[] side = sidesOf.get(y);
            for (int i = 0; i < images * shape.size(); i++) {
                dx[i] = (add ? dx[i] : 0) + (side[i] > 0 ? dy[i] : 0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("implementationsAndBatches")
    void aStepIsThatInDoublePrecision(Implementation<?> implementation, Batch batch) {
        SupernetSpec spec =
                new SupernetSpec(SPACE, new ModelSize(8, 1, batch.shape(), 10), new Optimizer(0.9f, 0, 0), IMAGES, 3);
        Sides sides = new Sides();
        try (Supernet supernet = new GraphSupernet<>(spec, sides.told(implementation.kernels(IMAGES)));
                Supernet reference = new GraphSupernet<>(spec, new SidedReference(sides))) {
            double actual = supernet.train(batch, List.of(DEEP), 0.05f).get().loss();
            double expected = reference.train(batch, List.of(DEEP), 0.05f).get().loss();

            assertThat(actual).isCloseTo(expected, within(2e-6 * expected));
            // After the first step the momentum is the gradient.
            assertClose(supernet.state(), reference.state(), 1e-4f);
        }
    }
}
