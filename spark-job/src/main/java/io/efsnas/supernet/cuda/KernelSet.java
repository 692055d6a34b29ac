package io.efsnas.supernet.cuda;

import com.sun.jna.Pointer;
import io.efsnas.network.ModelSize;
import io.efsnas.supernet.SupernetSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The kernels, built for a supernet's shape and a largest batch, and in how many blocks each of them is launched. */
final class KernelSet implements AutoCloseable {

    private static final List<String> FORWARD = List.of("maps.cu", "forward.cu");
    private static final List<String> TRAINING = List.of("maps.cu", "forward.cu", "backward.cu");

    /**
     * How a kernel is launched.
     *
     * @param blocks the number of blocks that go through all images of the largest batch
     * @param outputBlocks the number of blocks that share the outputs, or the images where {@code blocks} share the
     *     channels
     * @param parts in how many parts the sums of a channel are written; of gradients of weights, into how many bands of
     *     rows a chunk of images is cut
     * @param chunkImages after how many images a gradient of weights has another part
     * @param chunks how many such parts there are
     */
    record Grid(int threads, int blocks, int outputBlocks, int parts, int chunkImages, int chunks) {

        private static final int FIELDS = 6;

        static Grid of(long[] all, int index) {
            int at = index * FIELDS;
            return new Grid(
                    (int) all[at], (int) all[at + 1], (int) all[at + 2], (int) all[at + 3], (int) all[at + 4], (int)
                            all[at + 5]);
        }

        int[] blocks(int deep) {
            return new int[] {blocks, outputBlocks, deep};
        }
    }

    private static final int UNITS = 4;
    private static final int GRIDS = 25;
    private static final int SIZES = 2;

    private final Cuda cuda;
    private final List<Pointer> modules = new ArrayList<>();
    private final Map<String, Pointer> functions = new HashMap<>();
    private final List<Grid> grids = new ArrayList<>();
    private final int stepInts;
    private final int slotInts;

    /** Those that one use of a supernet needs. */
    KernelSet(Cuda cuda, SupernetSpec spec, Use use, Pointer stream) {
        this.cuda = cuda;
        ModelSize size = spec.size();
        List<String> defines = List.of(
                "CHANNELS=" + size.channels(),
                "HEIGHT=" + size.image().height(),
                "WIDTH=" + size.image().width(),
                "IMAGE_CHANNELS=" + size.image().channels(),
                "CLASSES=" + size.classes(),
                "BATCH=" + spec.batch());
        String source = source(use == Use.TRAINING ? TRAINING : FORWARD);
        List<byte[]> built = IntStream.range(0, UNITS)
                .parallel()
                .mapToObj(unit -> cuda.build(source, defines, unit))
                .toList();
        built.forEach(image -> modules.add(cuda.load(image)));
        long results = cuda.allocate((long) Long.BYTES * (GRIDS * Grid.FIELDS + SIZES));
        long sizes = results + (long) Long.BYTES * GRIDS * Grid.FIELDS;
        cuda.launch(function("describe"), new int[] {1, 1, 1}, 32, stream, results, sizes);
        long[] described = cuda.readLongs(results, GRIDS * Grid.FIELDS + SIZES, stream);
        cuda.free(results);
        for (int i = 0; i < GRIDS; i++) {
            grids.add(Grid.of(described, i));
        }
        this.stepInts = (int) described[GRIDS * Grid.FIELDS];
        this.slotInts = (int) described[GRIDS * Grid.FIELDS + 1];
    }

    /** All sources of the kernels. */
    static String source() {
        return source(TRAINING);
    }

    private static String source(List<String> files) {
        StringBuilder source = new StringBuilder();
        for (String file : files) {
            try (InputStream in = KernelSet.class.getResourceAsStream(file)) {
                source.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the kernels of the engine 'cuda'", e);
            }
        }
        return source.toString();
    }

    Pointer function(String name) {
        return functions.computeIfAbsent(name, any -> cuda.function(modules.get(unit(name)), name));
    }

    /** In which unit of the source a kernel is: its last digit, 0 for none. */
    private static int unit(String kernel) {
        return Math.max(0, Character.digit(kernel.charAt(kernel.length() - 1), 10));
    }

    Grid stem() {
        return grids.get(0);
    }

    Grid stemWeights() {
        return grids.get(1);
    }

    /** Of convolutions that keep a stage's shape. */
    Grid convolution(int stage) {
        return grids.get(3 * stage - 1);
    }

    /** Of what goes through whole feature maps of a stage, in which blocks share the channels. */
    Grid maps(int stage) {
        return grids.get(3 * stage);
    }

    /** Of gradients of a cell's weights. */
    Grid cellWeights(int stage) {
        return grids.get(3 * stage + 1);
    }

    private Grid reduction(int number, int which) {
        return grids.get(11 + 7 * (number - 1) + which);
    }

    Grid reductionFirst(int number) {
        return reduction(number, 0);
    }

    Grid reductionSecond(int number) {
        return reduction(number, 1);
    }

    Grid reductionInnerGradient(int number) {
        return reduction(number, 2);
    }

    Grid reductionGradient(int number) {
        return reduction(number, 3);
    }

    Grid reductionWeightsA(int number) {
        return reduction(number, 4);
    }

    Grid reductionWeightsB(int number) {
        return reduction(number, 5);
    }

    Grid reductionWeightsShortcut(int number) {
        return reduction(number, 6);
    }

    /** The numbers at the beginning of a slot of the ring that say what a step is. */
    int stepInts() {
        return stepInts;
    }

    /** All numbers of a slot of the ring. */
    int slotInts() {
        return slotInts;
    }

    @Override
    public void close() {
        modules.forEach(cuda::unload);
    }
}
