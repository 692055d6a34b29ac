package io.efsnas.supernet.graph;

import io.efsnas.data.Batch;
import io.efsnas.network.Layer.Convolution;
import io.efsnas.network.Network;
import io.efsnas.network.Shape;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.supernet.BlockMoments;
import io.efsnas.supernet.BlockMoments.Back;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Takes networks apart into their blocks.
 *
 * @param <B> a buffer
 */
final class BlockPass<B> {

    /** A random gradient is the same for every network with a block of this shape in this place. */
    private record Place(int block, Shape shape) {}

    private final Kernels<B> kernels;
    private final Forward<B> forward;
    private final Backward<B> backward;
    private final Products<B> products;
    private final long seed;
    private final int images;
    private final Map<Place, B> signs = new HashMap<>();
    private final Map<Shape, B> ones = new HashMap<>();

    /**
     * @param images the number of images of each batch
     */
    BlockPass(Kernels<B> kernels, BufferPool<B> buffers, Products<B> products, long seed, int images) {
        this.kernels = kernels;
        this.forward = new Forward<>(kernels, buffers);
        this.backward = new Backward<>(forward, kernels, buffers);
        this.products = products;
        this.seed = seed;
        this.images = images;
    }

    int images() {
        return images;
    }

    /** The moments of each block. */
    List<BlockMoments> of(Network network, Plan<B> plan, B batch) {
        forward.runKeeping(plan, batch).get();
        List<BlockMoments> moments = new ArrayList<>();
        for (int block = 0; block < network.blocks().size(); block++) {
            moments.add(moments(network, block));
        }
        forward.releaseAll();
        return moments;
    }

    private BlockMoments moments(Network network, int block) {
        int end = network.blocks().get(block);
        Shape shape = network.nodes().get(end).shape();
        B output = forward.output(end);
        Shape one = new Shape(1, shape.height(), shape.width());
        return new BlockMoments(
                (long) images * shape.pixels(),
                products.of(pointwise(shape, one), shape, output, ones.computeIfAbsent(one, this::ones)),
                products.of(pointwise(shape, shape), shape, output, output),
                block == 0 ? Optional.empty() : Optional.of(back(network, block)));
    }

    private Back back(Network network, int block) {
        int start = network.blocks().get(block - 1);
        int end = network.blocks().get(block);
        Shape in = network.nodes().get(start).shape();
        Shape out = network.nodes().get(end).shape();
        if (start == end) {
            return new Back(out.channels(), in.channels(), new float[out.channels() * in.channels()], true);
        }
        B gradient = signs.computeIfAbsent(new Place(block, out), this::signs);
        B arrived = backward.runThrough(start, end, gradient);
        float[] values;
        int columns;
        if (in.height() == out.height()) {
            values = products.of(pointwise(in, out), in, arrived, gradient);
            columns = in.channels();
        } else {
            values = ofFourPixels(products.of(halving(in, out), in, arrived, gradient));
            columns = 4 * in.channels();
        }
        backward.releaseArrived(start, gradient);
        return new Back(out.channels(), columns, values, false);
    }

    private static Convolution pointwise(Shape in, Shape out) {
        return new Convolution("products", in.channels(), out.channels(), 1, 1);
    }

    /** Of an odd side the last pixel stands alone: what would be beside it counts as zeros. */
    private static Convolution halving(Shape in, Shape out) {
        if ((in.height() + 1) / 2 != out.height() || (in.width() + 1) / 2 != out.width()) {
            throw new IllegalArgumentException("a block from " + in + " to " + out + " cannot be taken apart");
        }
        return new Convolution("products", in.channels(), out.channels(), 3, 2);
    }

    /** The taps of a 3x3 kernel of stride 2 that meet the four pixels which an output pixel stands for. */
    private static float[] ofFourPixels(float[] ofNine) {
        float[] four = new float[ofNine.length / 9 * 4];
        for (int pair = 0; pair < ofNine.length / 9; pair++) {
            for (int tap = 0; tap < 4; tap++) {
                four[4 * pair + tap] = ofNine[9 * pair + 3 * (1 + tap / 2) + 1 + tap % 2];
            }
        }
        return four;
    }

    private B ones(Shape shape) {
        float[] values = new float[images * shape.size()];
        Arrays.fill(values, 1);
        return maps(values, shape);
    }

    private B signs(Place place) {
        return maps(signs(seed, place.block(), images * place.shape().size()), place.shape());
    }

    /** Random values of ±1, the same for the same seed and block. */
    static float[] signs(long seed, int block, int count) {
        SplittableRandom random = KeyedRandom.of(seed, Purpose.MEASURES, block);
        float[] values = new float[count];
        long bits = 0;
        for (int i = 0; i < values.length; i++) {
            if (i % Long.SIZE == 0) {
                bits = random.nextLong();
            }
            values[i] = (bits >>> i & 1) == 0 ? -1 : 1;
        }
        return values;
    }

    private B maps(float[] values, Shape shape) {
        B maps = kernels.featureMaps(shape);
        kernels.images(new Batch(values, new int[images], shape), maps);
        return maps;
    }
}
