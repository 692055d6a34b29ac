package io.efsnas.supernet.cuda;

import com.sun.jna.Pointer;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.supernet.MemoryShare;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.cuda.KernelSet.Grid;
import io.efsnas.supernet.machine.KernelProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The recorded launches of one step, of training or of scoring, with the memory that they work in. The same launches serve
 * every architecture. What a step is, a slot of the {@link StepRing} says.
 */
final class Program implements AutoCloseable {

    private static final int EDGES = FlatWeights.EDGES;
    private static final int STAGES = FlatWeights.STAGES;
    /** Of a cell, beside its input. */
    private static final int NODES = FlatWeights.NODES;

    private static final int CELL_MAPS = EDGES + NODES;
    private static final int REDUCTION_MAPS = 5;
    private static final int SUM_CHUNKS = 16;
    private static final int SUMS_OF_A_NODE = 4;
    private static final int UPDATE_THREADS = 256;
    private static final long NONE = 0;

    /** Where a layer's output is, of the first subnet, and how far it is to the next subnet's, in numbers. */
    private record Maps(long address, long stride) {}

    /** A layer with what its gradient needs: whichever layer consumes its output writes that output's gradient. */
    private record Layer(Maps output, Maps gradient, Runnable backward) {}

    private final Cuda cuda;
    private final KernelSet kernels;
    private final SupernetSpec spec;
    private final ModelSize size;
    private final DeviceWeights weights;
    private final FlatWeights layout;
    private final int batch;
    private final int subnets;
    private final boolean training;
    private final Buffers buffers;
    private final StepRing ring;
    private final long step;
    private final long launches;
    private final long images;
    private final Pointer stream;
    private final Pointer side;
    private final List<Pointer> events = new ArrayList<>();
    private final List<long[]> segments = new ArrayList<>();
    private final Optional<KernelTimes> times;
    private Optional<Pointer> graph = Optional.empty();

    /**
     * @param subnets how many subnets there is room for at a time
     * @param share the share of the GPU's memory that the program's memory is taken from
     * @param profile the profile that each step's kernels are added to, one after the other; empty to run them beside
     *     each other
     */
    Program(
            Cuda cuda,
            KernelSet kernels,
            SupernetSpec spec,
            DeviceWeights weights,
            Use use,
            int subnets,
            MemoryShare share,
            Optional<KernelProfile> profile,
            Pointer stream) {
        this.cuda = cuda;
        this.kernels = kernels;
        this.spec = spec;
        this.size = spec.size();
        this.weights = weights;
        this.layout = weights.layout();
        this.batch = spec.batch();
        this.subnets = subnets;
        this.training = use == Use.TRAINING;
        this.stream = stream;
        this.buffers = new Buffers(cuda, share);
        this.ring = new StepRing(cuda, kernels, batch, subnets, stream);
        this.side = cuda.stream();
        this.times = profile.map(to -> new KernelTimes(cuda, to));
        try {
            this.step = buffers.floats(kernels.stepInts());
            this.launches = buffers.bytes(Integer.BYTES);
            this.images = buffers.floats((long) batch * size.image().size());
            cuda.clear(launches, Integer.BYTES, stream);
            List<Runnable> recording = plan();
            this.graph = Optional.of(cuda.recorded(stream, () -> {
                times.ifPresent(all -> all.begin(stream));
                recording.forEach(Runnable::run);
            }));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * How many subnets can be scored side by side in so much memory, at least one.
     *
     * @param bytes the bytes that are left
     */
    static int subnetsThatFit(SupernetSpec spec, long bytes) {
        long numbers = 0; // of one subnet's feature maps, by far the most of it
        for (int stage = 1; stage <= STAGES; stage++) {
            numbers += mapsOf(spec, stage) * (2 * CELL_MAPS + (stage > 1 ? REDUCTION_MAPS : 0));
        }
        return (int) Math.max(1, bytes / (Float.BYTES * numbers * 5 / 4));
    }

    int subnets() {
        return subnets;
    }

    /** How much of the GPU's memory it has. */
    long bytes() {
        return buffers.allocated();
    }

    /** The address of the images, for who copies them there. */
    long images() {
        return images;
    }

    StepRing.Results launch(StepRing.Step next) {
        StepRing.Results results = ring.launch(next, () -> cuda.launchGraph(graph.orElseThrow(), stream));
        times.ifPresent(all -> all.read(stream));
        return results;
    }

    /** All launches of a step, with memory for each. */
    private List<Runnable> plan() {
        List<Runnable> forward = new ArrayList<>();
        List<Layer> layers = new ArrayList<>();
        forward.add(() -> launch(
                "begin",
                new int[] {batch + 1, 1, 1},
                UPDATE_THREADS,
                ring.steps(),
                ring.slots(),
                launches,
                step,
                images));
        layers.add(stem(forward));
        long[] shared = new long[STAGES + 1];
        for (int stage = 1; stage <= STAGES; stage++) {
            if (stage > 1) {
                layers.add(reduction(forward, stage - 1, last(layers)));
            }
            shared[stage] = buffers.doubles(2L
                    * subnets
                    * EDGES
                    * channels(stage)
                    * kernels.convolution(stage).parts());
            // Without gradients a cell's maps are not needed once the next cell has been computed.
            long[] reused = new long[2];
            for (int cell = 1; cell <= size.cells(); cell++) {
                if (training || reused[cell % 2] == NONE) {
                    reused[cell % 2] = buffers.floats(subnets * CELL_MAPS * maps(stage));
                }
                layers.add(cell(forward, stage, cell, last(layers), reused[cell % 2], shared[stage]));
            }
        }
        head(forward, last(layers));
        if (training) {
            for (int i = layers.size() - 1; i >= 0; i--) {
                forward.add(layers.get(i).backward());
            }
            forward.add(this::join);
            update(forward);
        }
        return forward;
    }

    private static Layer last(List<Layer> layers) {
        return layers.get(layers.size() - 1);
    }

    private long channels(int stage) {
        return channelsOf(spec, stage);
    }

    private static long channelsOf(SupernetSpec spec, int stage) {
        return (long) spec.size().channels() << (stage - 1);
    }

    private long maps(int stage) {
        return mapsOf(spec, stage);
    }

    /** How many numbers the feature maps of a batch have. */
    private static long mapsOf(SupernetSpec spec, int stage) {
        Shape image = spec.size().image();
        long pixels = ((long) image.height() >> (stage - 1)) * (image.width() >> (stage - 1));
        return spec.batch() * channelsOf(spec, stage) * pixels;
    }

    private long address(String weight) {
        return weights.address() + Float.BYTES * layout.place(weight).offset();
    }

    private void launch(String kernel, int[] blocks, int threads, long... arguments) {
        cuda.launch(kernels.function(kernel), blocks, threads, stream, arguments);
        times.ifPresent(all -> all.add(kernel, stream));
    }

    private void launch(String kernel, Grid grid, int deep, long... arguments) {
        launch(kernel, grid.blocks(deep), grid.threads(), arguments);
    }

    /**
     * Launches kernels beside those that follow, until {@link #join}: nobody but the optimizer waits for gradients of
     * weights.
     */
    private void beside(String kernel, Grid grid, int deep, long... arguments) {
        if (times.isPresent()) {
            launch(kernel, grid, deep, arguments);
            return;
        }
        Pointer ready = event();
        cuda.record(ready, stream);
        cuda.await(ready, side);
        cuda.launch(kernels.function(kernel), grid.blocks(deep), grid.threads(), side, arguments);
    }

    private void join() {
        if (times.isPresent()) {
            return;
        }
        Pointer done = event();
        cuda.record(done, side);
        cuda.await(done, stream);
    }

    private Pointer event() {
        Pointer event = cuda.event();
        events.add(event);
        return event;
    }

    private long ifTraining(LongSupplier address) {
        return training ? address.getAsLong() : NONE;
    }

    private long sums(int stage, int nodes) {
        return ifTraining(
                () -> buffers.doubles((long) subnets * nodes * SUMS_OF_A_NODE * channels(stage) * SUM_CHUNKS));
    }

    /** Memory for the parts of a weight's gradient, which the optimizer is told of. */
    private long weightParts(String weight, Grid grid) {
        return ifTraining(() -> {
            FlatWeights.Place place = layout.place(weight);
            long stride = (long) grid.chunks() * place.weight().size();
            long parts = buffers.floats(subnets * stride);
            segment(place, parts, stride, grid);
            return parts;
        });
    }

    private void segment(FlatWeights.Place place, long parts, long stride, Grid grid) {
        segment(place, parts, stride, grid.chunkImages(), grid.parts());
    }

    private void segment(FlatWeights.Place place, long parts, long stride, int chunkImages, int bands) {
        segments.add(new long[] {
            place.offset(), place.weight().size(), place.edge(), place.operation(), parts, stride, chunkImages, bands
        });
    }

    private Layer stem(List<Runnable> forward) {
        long z = buffers.floats(maps(1));
        Maps output = new Maps(buffers.floats(maps(1)), 0);
        Grid grid = kernels.stem();
        long parts = buffers.doubles(2 * channels(1) * grid.parts());
        long statistics = buffers.floats(2 * channels(1));
        Maps gradient = new Maps(ifTraining(() -> buffers.floats(subnets * maps(1))), maps(1));
        long sums = sums(1, 1);
        long weightParts = weightParts("stem.conv.weight", kernels.stemWeights());
        long[] stem = {
            step,
            address("stem.conv.weight"),
            images,
            z,
            parts,
            statistics,
            gradient.address(),
            gradient.stride(),
            sums,
            weightParts
        };
        long[] norm = {
            step, z, 0, parts, statistics, 0, NONE, output.address(), gradient.address(), gradient.stride(), sums
        };
        forward.add(() -> launch("stem", grid, 1, stem));
        forward.add(() -> launch("stemNorm", kernels.maps(1), 1, norm));
        return new Layer(output, gradient, () -> {
            launchSums("stemSums", 1, norm);
            beside("stemWeights", kernels.stemWeights(), subnets, stem);
        });
    }

    private void launchSums(String kernel, int stage, long[] arguments) {
        launch(kernel, new int[] {(int) channels(stage), SUM_CHUNKS, subnets}, UPDATE_THREADS, arguments);
    }

    private Layer cell(List<Runnable> forward, int stage, int cell, Layer before, long maps, long parts) {
        long statistics = buffers.floats(2L * subnets * EDGES * channels(stage));
        long gradients = ifTraining(() -> buffers.floats(subnets * NODES * maps(stage)));
        long sums = sums(stage, NODES);
        Grid ofWeights = kernels.cellWeights(stage);
        long square = channels(stage) * channels(stage);
        long partsOfEdge = ofWeights.chunks() * 9 * square;
        long weightParts = ifTraining(() -> buffers.floats(subnets * EDGES * partsOfEdge));
        String first = FlatWeights.cell(stage, cell) + ".0-1.nor_conv_3x3.conv.weight";
        if (training) {
            long begin = layout.place(first).offset();
            layout.places().stream()
                    .filter(place -> place.offset() >= begin && place.offset() < begin + EDGES * 10 * square)
                    .forEach(place -> segment(
                            place,
                            weightParts + Float.BYTES * place.edge() * partsOfEdge,
                            EDGES * partsOfEdge,
                            ofWeights));
        }
        Maps output = new Maps(maps + Float.BYTES * (CELL_MAPS - 1) * maps(stage), CELL_MAPS * maps(stage));
        Maps gradient = new Maps(gradients + Float.BYTES * (NODES - 1) * maps(stage), NODES * maps(stage));
        NodeArguments arguments = node -> new long[] {
            step,
            address(first),
            before.output().address(),
            before.output().stride(),
            maps,
            parts,
            statistics,
            node,
            before.gradient().address(),
            before.gradient().stride(),
            gradients,
            sums,
            weightParts
        };
        for (int node = 0; node < NODES; node++) {
            int source = node;
            forward.add(() -> launch(
                    "cellConvolutions" + stage,
                    kernels.convolution(stage),
                    subnets * (NODES - source),
                    arguments.of(source)));
            forward.add(() -> launch("cellNode" + stage, kernels.maps(stage), subnets, arguments.of(source + 1)));
        }
        return new Layer(output, gradient, () -> {
            for (int node = NODES; node > 0; node--) {
                launchSums("cellSums" + stage, stage, arguments.of(node));
                beside("cellWeights" + stage, ofWeights, subnets * node, arguments.of(node));
                launch("cellGradient" + stage, kernels.convolution(stage), subnets, arguments.of(node - 1));
            }
        });
    }

    /** What a cell's kernels take, of which only the node differs. */
    private interface NodeArguments {
        long[] of(int node);
    }

    private Layer reduction(List<Runnable> forward, int number, Layer before) {
        int stage = number + 1;
        String name = FlatWeights.reduction(number);
        long numbers = maps(stage);
        long maps = buffers.floats(subnets * REDUCTION_MAPS * numbers);
        long stride = REDUCTION_MAPS * numbers;
        int mostParts = Math.max(
                kernels.reductionFirst(number).parts(),
                kernels.reductionSecond(number).parts());
        long parts = buffers.doubles(2L * subnets * channels(stage) * mostParts);
        long statisticsA = buffers.floats(2L * subnets * 2 * channels(stage));
        long statisticsB = statisticsA + Float.BYTES * 2 * channels(stage);
        long betweenStatistics = 2 * channels(stage);
        Maps gradient = new Maps(ifTraining(() -> buffers.floats(subnets * numbers)), numbers);
        long innerGradient = ifTraining(() -> buffers.floats(subnets * numbers));
        long innerSums = sums(stage, 1);
        long sums = sums(stage, 1);
        long[] block = {
            step,
            address(name + ".a.conv.weight"),
            before.output().address(),
            before.output().stride(),
            maps,
            parts,
            statisticsA,
            before.gradient().address(),
            before.gradient().stride(),
            gradient.address(),
            innerGradient,
            innerSums,
            sums,
            weightParts(name + ".a.conv.weight", kernels.reductionWeightsA(number)),
            weightParts(name + ".b.conv.weight", kernels.reductionWeightsB(number)),
            weightParts(name + ".shortcut.conv.weight", kernels.reductionWeightsShortcut(number))
        };
        Maps output = new Maps(maps + Float.BYTES * 4 * numbers, stride);
        long[] normA = {
            step,
            maps,
            stride,
            parts,
            statisticsA,
            betweenStatistics,
            NONE,
            maps + Float.BYTES * numbers,
            innerGradient,
            numbers,
            innerSums
        };
        long[] normB = {
            step,
            maps + Float.BYTES * 2 * numbers,
            stride,
            parts,
            statisticsB,
            betweenStatistics,
            maps + Float.BYTES * 3 * numbers,
            output.address(),
            gradient.address(),
            numbers,
            sums
        };
        forward.add(() -> launch("reductionFirst" + number, kernels.reductionFirst(number), 2 * subnets, block));
        forward.add(() -> launch("reductionNormA" + number, kernels.maps(stage), subnets, normA));
        forward.add(() -> launch("reductionSecond" + number, kernels.reductionSecond(number), subnets, block));
        forward.add(() -> launch("reductionNormB" + number, kernels.maps(stage), subnets, normB));
        return new Layer(output, gradient, () -> {
            launchSums("reductionSums" + number, stage, normB);
            beside("reductionWeightsB" + number, kernels.reductionWeightsB(number), subnets, block);
            beside("reductionWeightsShortcut" + number, kernels.reductionWeightsShortcut(number), subnets, block);
            launch("reductionInnerGradient" + number, kernels.reductionInnerGradient(number), subnets, block);
            launchSums("reductionSums" + number, stage, normA);
            beside("reductionWeightsA" + number, kernels.reductionWeightsA(number), subnets, block);
            launch("reductionGradient" + number, kernels.reductionGradient(number), subnets, block);
        });
    }

    private void head(List<Runnable> forward, Layer before) {
        long channels = channels(STAGES);
        long rows = (long) subnets * batch;
        long stride = size.classes() * (channels + 1);
        long weightParts = ifTraining(() -> buffers.floats(subnets * stride));
        if (training) {
            FlatWeights.Place bias = layout.place("classifier.bias");
            segment(layout.place("classifier.weight"), weightParts, stride, 0, 1);
            segment(bias, weightParts + Float.BYTES * size.classes() * channels, stride, 0, 1);
        }
        long[] head = {
            step,
            address("classifier.weight"),
            before.output().address(),
            before.output().stride(),
            buffers.floats(2 * subnets * channels),
            buffers.floats(rows * channels),
            ifTraining(() -> buffers.floats(rows * channels)),
            ifTraining(() -> buffers.floats(rows * size.classes())),
            ring.results(),
            subnets,
            launches,
            before.gradient().address(),
            before.gradient().stride(),
            weightParts
        };
        int[] byChannel = {(int) channels, subnets, 1};
        forward.add(() -> launch("headPool", byChannel, UPDATE_THREADS, head));
        forward.add(() -> launch("headLoss", new int[] {batch, subnets, 1}, 64, head));
        if (training) {
            forward.add(() -> launch("headGradient", byChannel, UPDATE_THREADS, head));
        }
    }

    private void update(List<Runnable> forward) {
        Optimizer optimizer = spec.optimizer();
        List<long[]> blocks = new ArrayList<>();
        for (int i = 0; i < segments.size(); i++) {
            for (long from = 0; from < segments.get(i)[1]; from += UPDATE_THREADS) {
                blocks.add(new long[] {i, from});
            }
        }
        long[] update = {
            step,
            copied(segments),
            copied(blocks),
            weights.address(),
            buffers.floats(layout.size()),
            weights.momenta(),
            buffers.doubles(blocks.size()),
            buffers.floats(1),
            blocks.size(),
            Double.doubleToRawLongBits(optimizer.momentum()),
            Double.doubleToRawLongBits(optimizer.weightDecay()),
            Double.doubleToRawLongBits(optimizer.gradientClip())
        };
        int[] grid = {blocks.size(), 1, 1};
        forward.add(() -> launch("gradients", grid, UPDATE_THREADS, update));
        if (optimizer.gradientClip() > 0) {
            forward.add(() -> launch("clipping", new int[] {1, 1, 1}, UPDATE_THREADS, update));
        }
        forward.add(() -> launch("update", grid, UPDATE_THREADS, update));
    }

    private long copied(List<long[]> rows) {
        long[] values = rows.stream().flatMapToLong(Arrays::stream).toArray();
        long address = buffers.doubles(values.length);
        cuda.write(address, values, stream);
        return address;
    }

    @Override
    public void close() {
        cuda.await(stream);
        graph.ifPresent(cuda::destroyGraph);
        events.forEach(cuda::destroyEvent);
        times.ifPresent(KernelTimes::close);
        cuda.destroyStream(side);
        ring.close();
        buffers.close();
    }
}
