package io.efsnas.measure.cost;

import io.efsnas.data.Batch;
import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Needs;
import io.efsnas.network.ModelSize;
import io.efsnas.provider.Settings;
import io.efsnas.retraining.RetrainedNetwork;
import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.retraining.RetrainedNetworkSpec.Regularisation;
import io.efsnas.retraining.RetrainingEngine;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.StatUtils;

/**
 * How long the final network takes for a batch, in microseconds: from pixels in memory to the outputs in memory, with the
 * running statistics of its batch norms. The median of several runs counts; the quartiles are beside it. The network runs a
 * number of times before, so that the JVM has compiled what it runs and the device is awake.
 *
 * @param batch the number of images of the batch, at least 1
 * @param runs the number of runs that are timed, at least 1
 */
public record Latency(int batch, int runs) implements Measure {

    /** The column of the median. */
    public static final String LATENCY = "latency";

    private static final long serialVersionUID = 1;
    private static final String BATCH = "batch";
    private static final String RUNS = "runs";
    private static final int MOST_IMAGES = 4096;

    private static final double MICROSECOND = 1e3; // in nanoseconds

    /** With the defaults. */
    public Latency() {
        this(1, 50);
    }

    @Override
    public String name() {
        return LATENCY;
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(BATCH, batch, RUNS, runs);
    }

    @Override
    public Measure with(Map<String, Object> settings) {
        Settings given = new Settings(settings);
        return new Latency(given.whole(BATCH, 1, MOST_IMAGES), given.whole(RUNS, 1, Integer.MAX_VALUE));
    }

    @Override
    public List<String> columns() {
        return List.of(LATENCY, "latency-lower-quartile", "latency-upper-quartile");
    }

    @Override
    public Needs needs() {
        return Needs.MACHINE;
    }

    @Override
    public double[] of(Architecture architecture, MeasureContext context) {
        RetrainedNetworkSpec spec = new RetrainedNetworkSpec(
                context.space(),
                architecture,
                context.size(),
                new Optimizer(0, 0, 0),
                Regularisation.NONE,
                0,
                batch,
                0);
        RetrainingEngine engine = RetrainingEngine.beside(
                context.machine().engine(), context.machine().resources().device());
        Batch images = noise(context.size());
        double[] times = new double[runs];
        try (RetrainedNetwork network = engine.create(spec, context.machine().resources())) {
            for (int run = 0; run < runs; run++) {
                network.logits(images, false);
            }
            for (int run = 0; run < runs; run++) {
                long start = System.nanoTime();
                network.logits(images, false);
                times[run] = (System.nanoTime() - start) / MICROSECOND;
            }
        }
        return new double[] {
            StatUtils.percentile(times, 50), StatUtils.percentile(times, 25), StatUtils.percentile(times, 75)
        };
    }

    private Batch noise(ModelSize size) {
        SplittableRandom random = new SplittableRandom(0);
        float[] pixels = new float[batch * size.image().size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return new Batch(pixels, new int[batch], size.image());
    }
}
