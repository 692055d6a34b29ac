package io.efsnas.supernet.cuda;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each weight of a supernet is in one row of numbers. Weights of a cell are beside each other, for each edge those of
 * 3x3 and those of 1x1, as the kernels count on. A convolution's weights are {@code [input][tap][output]} there, so that
 * threads read those of neighbouring outputs beside each other.
 */
final class FlatWeights {

    static final int STAGES = 3;
    /** Of a cell, beside its input. */
    static final int NODES = 3;

    static final int EDGES = 6;
    static final int NOT_CHOSEN = -1;
    /** The choices of an edge that have weights, as NAS-Bench-201 counts its operations. */
    private static final int CONVOLUTION_1X1 = 2;

    private static final int CONVOLUTION_3X3 = 3;

    /**
     * A weight in the row.
     *
     * @param edge the edge that it is on, {@link #NOT_CHOSEN} for a weight that every subnet has
     * @param operation the operation that has it
     */
    record Place(Weight weight, long offset, int edge, int operation) {}

    private final List<Place> places = new ArrayList<>();
    private final Map<String, Place> placeByName = new HashMap<>();
    private long size;

    FlatWeights(List<Weight> weights, ModelSize size) {
        Map<String, Weight> byName = new HashMap<>();
        weights.forEach(weight -> byName.put(weight.name(), weight));
        add(byName, "stem.conv.weight", NOT_CHOSEN, NOT_CHOSEN);
        for (int stage = 1; stage <= STAGES; stage++) {
            if (stage > 1) {
                for (String part : List.of("a", "b", "shortcut")) {
                    add(byName, reduction(stage - 1) + "." + part + ".conv.weight", NOT_CHOSEN, NOT_CHOSEN);
                }
            }
            for (int cell = 1; cell <= size.cells(); cell++) {
                for (int target = 1; target <= NODES; target++) {
                    for (int source = 0; source < target; source++) {
                        int edge = edge(source, target);
                        String name = cell(stage, cell) + "." + source + "-" + target + ".nor_conv_";
                        add(byName, name + "3x3.conv.weight", edge, CONVOLUTION_3X3);
                        add(byName, name + "1x1.conv.weight", edge, CONVOLUTION_1X1);
                    }
                }
            }
        }
        add(byName, "classifier.weight", NOT_CHOSEN, NOT_CHOSEN);
        add(byName, "classifier.bias", NOT_CHOSEN, NOT_CHOSEN);
        if (places.size() != weights.size()) {
            throw new IllegalArgumentException(
                    "a supernet of " + weights.size() + " weights is not one of NAS-Bench-201, of " + places.size());
        }
    }

    static int edge(int source, int target) {
        return target * (target - 1) / 2 + source;
    }

    static String cell(int stage, int cell) {
        return "stage" + stage + ".cell" + cell;
    }

    static String reduction(int number) {
        return "reduction" + number;
    }

    private void add(Map<String, Weight> byName, String name, int edge, int operation) {
        Weight weight = byName.get(name);
        if (weight == null) {
            throw new IllegalArgumentException("a supernet without '" + name + "' is not one of NAS-Bench-201");
        }
        Place place = new Place(weight, size, edge, operation);
        places.add(place);
        placeByName.put(name, place);
        size += weight.size();
    }

    List<Place> places() {
        return places;
    }

    Place place(String name) {
        return placeByName.get(name);
    }

    /** How many numbers there are. */
    int size() {
        return Math.toIntExact(size);
    }

    /** Puts a weight's values, in row-major order of its shape, into the row. */
    void put(Place place, float[] values, float[] row) {
        for (int i = 0; i < values.length; i++) {
            row[at(place, i)] = values[i];
        }
    }

    /** A weight's values in row-major order of its shape. */
    float[] get(Place place, float[] row) {
        float[] values = new float[place.weight().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row[at(place, i)];
        }
        return values;
    }

    private static int at(Place place, int index) {
        List<Integer> shape = place.weight().shape();
        if (shape.size() < 4) {
            return Math.toIntExact(place.offset() + index);
        }
        int outputs = shape.get(0);
        int inputs = shape.get(1);
        int taps = shape.get(2) * shape.get(3);
        int output = index / (inputs * taps);
        int input = index / taps % inputs;
        int tap = index % taps;
        return Math.toIntExact(place.offset() + ((long) input * taps + tap) * outputs + output);
    }
}
