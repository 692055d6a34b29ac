package io.efsnas.supernet.graph;

import io.efsnas.network.Shape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Buffers that are made once and used again: a fresh array costs more than the arithmetic on it.
 *
 * @param <B> a buffer
 */
final class BufferPool<B> {

    private final Kernels<B> kernels;
    private final Map<Shape, Deque<B>> maps = new HashMap<>();
    private final Map<Integer, Deque<B>> channels = new HashMap<>();

    BufferPool(Kernels<B> kernels) {
        this.kernels = kernels;
    }

    /** A buffer of feature maps that nobody else uses until it is released. */
    B take(Shape shape) {
        B free = maps.computeIfAbsent(shape, any -> new ArrayDeque<>()).pollFirst();
        return free == null ? kernels.featureMaps(shape) : free;
    }

    void release(Shape shape, B buffer) {
        maps.get(shape).addFirst(buffer);
    }

    /** A buffer of one value per channel. */
    B takeChannelValues(int count) {
        B free = channels.computeIfAbsent(count, any -> new ArrayDeque<>()).pollFirst();
        return free == null ? kernels.channelValues(count) : free;
    }

    void releaseChannelValues(int count, B buffer) {
        channels.get(count).addFirst(buffer);
    }
}
