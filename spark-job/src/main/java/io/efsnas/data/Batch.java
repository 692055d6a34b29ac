package io.efsnas.data;

import io.efsnas.network.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Labelled images to be computed on. Where they come from a set, their pixels are made when they are first asked for:
 * who has the set on a device makes them there from their {@link #views} and never asks.
 */
public final class Batch {

    private final Optional<Views> views;
    private final Supplier<float[]> rendering;
    private final int[] labels;
    private final Shape shape;
    private float[] images;

    /**
     * A batch of given pixels.
     *
     * @param images normalised pixels, {@code [image][channel][row][column]}, of {@code labels.length} images
     * @param labels the class of each image, from 0
     * @param shape the shape of one image
     */
    public Batch(float[] images, int[] labels, Shape shape) {
        if (images.length != labels.length * shape.size()) {
            throw new IllegalArgumentException(
                    images.length + " values are not " + labels.length + " images of " + shape);
        }
        this.views = Optional.empty();
        this.rendering = () -> images;
        this.labels = labels;
        this.shape = shape;
    }

    /**
     * A batch whose pixels are not made yet.
     *
     * @param distortions what each image goes through before it is shown so; empty if views are all
     */
    Batch(Views views, List<Distortion> distortions, Normalizer normalizer) {
        this.views = distortions.isEmpty() ? Optional.of(views) : Optional.empty();
        this.rendering = () -> views.render(distortions, normalizer);
        this.labels = views.labels();
        this.shape = views.set().shape();
    }

    /** What the batch shows of which set; empty if that is not all, or it has been made from pixels. */
    public Optional<Views> views() {
        return views;
    }

    /** Normalised pixels, {@code [image][channel][row][column]}. This is the array itself: it may not be changed. */
    public synchronized float[] images() {
        if (images == null) {
            images = rendering.get();
        }
        return images;
    }

    /** The class of each image, from 0. This is the array itself: it may not be changed. */
    public int[] labels() {
        return labels;
    }

    /** The shape of one image. */
    public Shape shape() {
        return shape;
    }

    /** Images in the batch. */
    public int size() {
        return labels.length;
    }
}
