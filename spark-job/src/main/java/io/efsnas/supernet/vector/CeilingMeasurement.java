package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.SPECIES;
import static io.efsnas.supernet.vector.Groups.VECTOR;

import io.efsnas.supernet.machine.MachineCeilings;
import jdk.incubator.vector.FloatVector;

/** What this machine's vector units and its memory can do at the most, with this engine's threads. */
final class CeilingMeasurement {

    /** Chains of operations that do not depend on each other: enough to fill two pipelines of four cycles. */
    private static final int CHAINS = 10;

    private static final int ITERATIONS = 4_000_000;
    private static final int FLOATS = 16 << 20;

    private CeilingMeasurement() {}

    static MachineCeilings measure(int threads) {
        try (Workers workers = new Workers(threads)) {
            float[] results = new float[threads];
            double arithmetic = MachineCeilings.bestSeconds(
                    () -> workers.forEachGroup(threads, thread -> results[thread] = multiplyAndAdd(thread)));
            float[] from = new float[FLOATS];
            float[] to = new float[FLOATS];
            int share = FLOATS / threads / VECTOR * VECTOR;
            double memory = MachineCeilings.bestSeconds(() ->
                    workers.forEachGroup(threads, thread -> Elementwise.sum(to, from, to, thread * share, share)));
            return new MachineCeilings(
                    2.0 * CHAINS * VECTOR * ITERATIONS * threads / arithmetic / 1e9,
                    3.0 * Float.BYTES * share * threads / memory / 1e9);
        }
    }

    private static float multiplyAndAdd(int seed) {
        FloatVector x = FloatVector.broadcast(SPECIES, 0.999f + seed * 1e-6f);
        FloatVector a = x;
        FloatVector b = x;
        FloatVector c = x;
        FloatVector d = x;
        FloatVector e = x;
        FloatVector f = x;
        FloatVector g = x;
        FloatVector h = x;
        FloatVector i = x;
        FloatVector j = x;
        for (int n = 0; n < ITERATIONS; n++) {
            a = a.fma(x, x);
            b = b.fma(x, x);
            c = c.fma(x, x);
            d = d.fma(x, x);
            e = e.fma(x, x);
            f = f.fma(x, x);
            g = g.fma(x, x);
            h = h.fma(x, x);
            i = i.fma(x, x);
            j = j.fma(x, x);
        }
        return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).lane(0);
    }
}
