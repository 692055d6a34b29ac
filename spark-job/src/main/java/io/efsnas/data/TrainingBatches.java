package io.efsnas.data;

import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Shape;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The mini-batches that train one network. A batch is a function of (seed, key, step) alone: it is the same
 * whichever batches were made before it, on whichever host. Safe for use by several threads.
 *
 * <p>Steps are counted over all epochs. Each epoch takes the images in an order of its own and leaves out the last ones
 * that do not fill a batch; a set smaller than a batch is one batch of all its images. Images are padded with black
 * before they are normalised, as NAS-Bench-201 did, so that padding has the value of a black pixel and not 0.
 */
public final class TrainingBatches {

    private record Epoch(long number, int[] order) {}

    private final ImageSet images;
    private final Normalization normalization;
    private final Normalizer normalizer;
    private final int batchSize;
    private final Augmentation augmentation;
    private final long seed;
    private final long key;
    private volatile Epoch lastUsed;

    /**
     * @param images the train part
     * @param normalization the normalization of the train part
     * @param batchSize the number of images in a batch
     * @param augmentation the augmentation of every image
     * @param seed the seed of the search
     * @param key what tells the random numbers of this network from those of others
     */
    public TrainingBatches(
            ImageSet images,
            Normalization normalization,
            int batchSize,
            Augmentation augmentation,
            long seed,
            long key) {
        Shape shape = images.shape();
        if (images.size() == 0 || batchSize < 1) {
            throw new IllegalArgumentException("cannot make batches of " + batchSize + " of " + images.size()
                    + " images; at least 1 each is wanted");
        }
        if (augmentation.cropPadding() >= Math.min(shape.height(), shape.width())) {
            throw new IllegalArgumentException("the crop padding must be smaller than the images of " + shape + ", not "
                    + augmentation.cropPadding());
        }
        this.images = images;
        this.normalization = normalization;
        this.normalizer = new Normalizer(shape, normalization);
        this.batchSize = Math.min(batchSize, images.size());
        this.augmentation = augmentation;
        this.seed = seed;
        this.key = key;
        this.lastUsed = epoch(0);
    }

    /** How many steps use every image once, but for those that do not fill a batch. */
    public int batchesPerEpoch() {
        return images.size() / batchSize;
    }

    /** The batch of a step, from 0. */
    public Batch batch(long step) {
        return view(step, 0);
    }

    /**
     * The images of a step in the same order, but augmented with random numbers of the view's own.
     *
     * @param step the step, from 0
     * @param number the number of the view, from 0, which is the {@link #batch} of the step
     */
    public Batch view(long step, int number) {
        if (step < 0) {
            throw new IllegalArgumentException("steps are counted from 0, not " + step);
        }
        int[] order = order(step / batchesPerEpoch());
        int start = (int) (step % batchesPerEpoch()) * batchSize;
        SplittableRandom random = number == 0
                ? KeyedRandom.of(seed, Purpose.AUGMENTATION, key, step)
                : KeyedRandom.of(seed, Purpose.VIEW, key, step, number);
        int padding = augmentation.cropPadding();
        int[] positions = Arrays.copyOfRange(order, start, start + batchSize);
        boolean[] mirrored = new boolean[batchSize];
        int[] up = new int[batchSize];
        int[] left = new int[batchSize];
        for (int i = 0; i < batchSize; i++) {
            mirrored[i] = augmentation.flip() && random.nextBoolean();
            up[i] = random.nextInt(-padding, padding + 1);
            left[i] = random.nextInt(-padding, padding + 1);
        }
        List<Distortion> distortions = augmentation.distorts()
                ? Stream.generate(() -> Distortion.draw(augmentation, images.shape(), random))
                        .limit(batchSize)
                        .toList()
                : List.of();
        return new Batch(
                new Views(images, normalization, positions, mirrored, up, left, padding), distortions, normalizer);
    }

    private int[] order(long number) {
        Epoch epoch = lastUsed;
        if (epoch.number() != number) {
            epoch = epoch(number);
            lastUsed = epoch;
        }
        return epoch.order();
    }

    private Epoch epoch(long number) {
        return new Epoch(number, Permutation.of(images.size(), KeyedRandom.of(seed, Purpose.EPOCH, key, number)));
    }
}
