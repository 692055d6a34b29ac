package io.efsnas.space.darts;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.space.Architecture;
import io.efsnas.space.darts.Cell.Edge;
import java.util.ArrayList;
import java.util.List;

/**
 * The network that stacks the cells of an architecture, in the order and with the operations of DARTS (Liu, Simonyan, Yang,
 * ICLR 2019): a stem, cells of which those at a third and at two thirds of the depth are reduction cells with twice the
 * channels, the mean over all pixels, and a classifier. The first two cells take the stem's output in place of earlier cells.
 * Since a cell takes two earlier outputs, no cell is a block in the sense of {@link Network#blocks}.
 */
final class CellStack {

    /** From the channels of a cell to those of the stem. */
    private static final int STEM_MULTIPLIER = 3;

    /** Depths at which a cell reduces, in parts of all. */
    private static final int REDUCTIONS = 3;

    private final Architecture architecture;
    private final ModelSize size;
    private final Network.Builder net;
    /** By cell, whether the output depends on it. */
    private final boolean[] needed;
    /** Whether each cell has all of its parts, also those that lead nowhere. */
    private final boolean whole;

    private CellStack(Architecture architecture, ModelSize size, boolean whole) {
        this.architecture = architecture;
        this.size = size;
        this.net = new Network.Builder(size.image());
        this.whole = whole;
        this.needed = new boolean[size.cells()];
        needed[size.cells() - 1] = true;
        for (int cell = size.cells() - 1; cell >= 0; cell--) {
            for (int input = 0; input < Cell.INPUTS; input++) {
                int source = cell - Cell.INPUTS + input;
                if (source >= 0) {
                    needed[source] |= whole || needed[cell] && takes(cell, input);
                }
            }
        }
    }

    /** The network of an architecture without what does not reach the output. */
    static Network live(Architecture architecture, ModelSize size) {
        return new CellStack(architecture, size, false).build();
    }

    /** The same with every cell, and with both inputs of each made ready. */
    static Network whole(Architecture architecture, ModelSize size) {
        return new CellStack(architecture, size, true).build();
    }

    private boolean reduces(int cell) {
        for (int third = 1; third < REDUCTIONS; third++) {
            if (cell == third * size.cells() / REDUCTIONS) {
                return true;
            }
        }
        return false;
    }

    /** The cell after which DARTS has its auxiliary head. */
    private int lastReduction() {
        return (REDUCTIONS - 1) * size.cells() / REDUCTIONS;
    }

    private Cell kind(int cell) {
        return reduces(cell) ? Cell.REDUCTION : Cell.NORMAL;
    }

    private boolean takes(int cell, int input) {
        return kind(cell).present(architecture).stream().anyMatch(edge -> edge.source() == input);
    }

    private Network build() {
        int stem = net.convolution(net.image(), "stem.conv", STEM_MULTIPLIER * size.channels(), 3, 1);
        stem = net.batchNorm(stem, "stem.norm");
        int[] outputs = {stem, stem};
        int channels = size.channels();
        boolean headPlaced = false;
        for (int cell = 0; cell < size.cells(); cell++) {
            channels *= reduces(cell) ? 2 : 1;
            int next = needed[cell] ? cell(cell, outputs, channels) : -1;
            if (cell >= lastReduction() && next >= 0 && !headPlaced) { // a network may do without the reduction itself
                net.placeHead(next);
                headPlaced = true;
            }
            outputs[0] = outputs[1];
            outputs[1] = next;
        }
        net.linear(net.globalAveragePool(outputs[1]), "classifier", size.classes());
        return net.build();
    }

    private int cell(int index, int[] inputs, int channels) {
        String name = "cell" + (index + 1);
        Cell cell = kind(index);
        int[] values = new int[Cell.NODES];
        Integer[] rectified = new Integer[Cell.NODES];
        for (int input = 0; input < Cell.INPUTS; input++) {
            if (whole || takes(index, input)) {
                // The input from before a reduction has four times as many pixels as the other one.
                boolean larger = input == 0 && index > 0 && reduces(index - 1);
                values[input] = prepared(inputs[input], name + ".input" + input, channels, larger);
            }
        }
        List<Integer> outputs = new ArrayList<>();
        for (int node = Cell.INPUTS; node < Cell.NODES; node++) {
            List<Integer> terms = new ArrayList<>();
            for (Edge edge : Cell.into(node)) {
                Operation operation = cell.operation(architecture, edge);
                int source = edge.source();
                int stride = cell.strided(edge) ? 2 : 1;
                String its = name + "." + source + "-" + node + "." + operation.text();
                if (operation.nonlinearities(stride > 1) > 0 && rectified[source] == null) {
                    rectified[source] = net.relu(values[source]);
                }
                switch (operation) {
                    case NONE -> {}
                    case SKIP -> terms.add(
                            stride == 1 ? values[source] : net.path(halved(rectified[source], its, channels)));
                    case SEPARABLE_3X3 -> terms.add(net.path(separable(rectified[source], its, 3, stride)));
                    case SEPARABLE_5X5 -> terms.add(net.path(separable(rectified[source], its, 5, stride)));
                    case DILATED_3X3 -> terms.add(net.path(filtered(rectified[source], its, 3, stride, 2)));
                    case DILATED_5X5 -> terms.add(net.path(filtered(rectified[source], its, 5, stride, 2)));
                    case MAX_POOL -> terms.add(net.path(net.maxPool(values[source], 3, stride, 1)));
                    case AVERAGE_POOL -> terms.add(net.path(net.averagePool(values[source], 3, stride, 1)));
                }
            }
            values[node] = net.sum(terms);
            outputs.add(values[node]);
        }
        return net.concatenation(outputs);
    }

    /** An output of an earlier cell with the channels of this one. */
    private int prepared(int input, String name, int channels, boolean larger) {
        int rectified = net.relu(input);
        return larger
                ? halved(rectified, name, channels)
                : net.batchNorm(net.convolution(rectified, name + ".conv", channels, 1, 1), name + ".norm");
    }

    /** Half of the channels from the pixels in even rows and columns, half of them from those in odd ones. */
    private int halved(int rectified, String name, int channels) {
        int even = net.convolution(net.subsample(rectified, 2, 0), name + ".even.conv", channels / 2, 1, 1);
        int odd = net.convolution(net.subsample(rectified, 2, 1), name + ".odd.conv", channels / 2, 1, 1);
        return net.batchNorm(net.concatenation(List.of(even, odd)), name + ".norm");
    }

    private int separable(int rectified, String name, int kernel, int stride) {
        int first = filtered(rectified, name + ".first", kernel, stride, 1);
        return filtered(net.relu(first), name + ".second", kernel, 1, 1);
    }

    private int filtered(int rectified, String name, int kernel, int stride, int dilation) {
        int value = net.depthwise(rectified, name + ".filter.conv", kernel, stride, dilation);
        int channels = net.shape(value).channels();
        return net.batchNorm(net.convolution(value, name + ".project.conv", channels, 1, 1), name + ".norm");
    }
}
