package io.efsnas.driver.flow;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.spark.ArchitectureMeasuring;
import io.efsnas.driver.spark.GpuProfile;
import io.efsnas.job.EngineSetup;
import io.efsnas.job.MeasuringImages;
import io.efsnas.job.MeasuringJob;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Measured;
import io.efsnas.measure.Measures;
import io.efsnas.measure.Needs;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Precision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures architectures as networks of the final size, without training anything. */
public final class Measuring {

    private static final Logger log = LoggerFactory.getLogger(Measuring.class);

    /** Images, or images of noise, that are enough for measures to rank by. */
    public static final int BATCH = 32;

    private final SearchPlan plan;
    private final Measures measures;
    private final int batch;
    private final Optional<Integer> threads;
    private final Map<Architecture, Measured> byNetwork = new HashMap<>();

    /**
     * @param batch images, or images of noise, that untrained networks are given at a time
     * @param threads the number of threads of each task; empty for as many as are configured
     * @throws UserMistake if a measure needs images and there are too few
     */
    public Measuring(SearchPlan plan, Measures measures, int batch, Optional<Integer> threads) {
        if (measures.need(Needs.IMAGES)) {
            requireImages(plan.dataset().train().size(), batch);
        }
        this.plan = plan;
        this.measures = measures;
        this.batch = batch;
        this.threads = threads;
    }

    private static void requireImages(int available, int batch) {
        int batches = MeasureContext.IMAGE_BATCHES;
        if ((long) batches * batch > available) {
            throw new UserMistake("data.train: " + available + " images in the train part are too few to measure with;"
                    + " expected at least " + (long) batches * batch + ", for " + batches + " batches of " + batch);
        }
    }

    /**
     * Measures connected architectures, in their order. Those with the same network are measured once, also by
     * several calls.
     *
     * @param tag the tag of the Spark jobs
     * @param session gives the Spark session; called only if a measure needs an untrained supernet or images
     */
    public List<Measured> of(List<Architecture> architectures, String tag, Supplier<JavaSparkContext> session) {
        SearchSpace space = plan.space();
        MeasureContext context = MeasureContext.ofArchitectures(space, plan.finalSize());
        if (!measures.needNetworks()) {
            return architectures.stream()
                    .map(architecture -> measures.measure(architecture, context))
                    .toList();
        }
        List<Architecture> networks = architectures.stream()
                .map(space::live)
                .distinct()
                .filter(network -> !byNetwork.containsKey(network))
                .toList();
        if (!networks.isEmpty()) {
            measure(networks, tag, session.get()).forEach(each -> byNetwork.put(each.architecture(), each));
        }
        return architectures.stream()
                .map(architecture -> measures.takenOver(architecture, byNetwork.get(space.live(architecture)), context))
                .toList();
    }

    private List<Measured> measure(List<Architecture> networks, String tag, JavaSparkContext spark) {
        double gpusPerSupernet = plan.config().cluster().gpusPerSupernet();
        Optional<ResourceProfile> gpus = GpuProfile.of(spark.getConf(), gpusPerSupernet);
        EngineChoice engine = EngineChoice.forUntrained(plan.config().supernet(), spark.getConf(), gpus.isPresent());
        // Tasks that compute on CPUs must not queue for GPUs.
        Optional<ResourceProfile> profile =
                gpus.filter(any -> Engine.named(engine.name()).servesGpus());
        EngineSetup setup = new EngineSetup(
                engine.name(),
                threads.orElseGet(() -> configuredThreads(spark)),
                GpuProfile.shareOfATask(spark, profile, gpusPerSupernet),
                Precision.FLOAT32,
                "");
        log.info(
                "measuring {} different networks of {} channels and {} cells a stage with {}: {}",
                networks.size(),
                plan.finalSize().channels(),
                plan.finalSize().cells(),
                engine.name(),
                engine.reason());
        MeasuringJob job = new MeasuringJob(
                plan.space(),
                plan.finalSize(),
                measures,
                setup,
                images(spark),
                batch,
                plan.config().seed());
        return new ArchitectureMeasuring(spark, tag, profile).measure(job, networks);
    }

    private MeasuringImages images(JavaSparkContext spark) {
        return measures.need(Needs.IMAGES)
                ? new MeasuringImages(
                        plan.images(spark.hadoopConfiguration()),
                        plan.config().training().augmentation())
                : null;
    }

    private int configuredThreads(JavaSparkContext spark) {
        return plan.config().supernet().threads().orElseGet(() -> spark.getConf()
                .getInt("spark.task.cpus", 1));
    }
}
