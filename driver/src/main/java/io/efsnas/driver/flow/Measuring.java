package io.efsnas.driver.flow;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.spark.ArchitectureMeasuring;
import io.efsnas.driver.spark.GpuProfile;
import io.efsnas.driver.spark.JobException;
import io.efsnas.driver.spark.Slots;
import io.efsnas.job.EngineSetup;
import io.efsnas.job.MeasureTask;
import io.efsnas.job.MeasuringImages;
import io.efsnas.job.MeasuringJob;
import io.efsnas.job.TimeMeasures;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Measured;
import io.efsnas.measure.Measures;
import io.efsnas.measure.Needs;
import io.efsnas.network.ModelSize;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.Precision;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures architectures by networks of their own, without the search's supernets. */
public final class Measuring {

    private static final Logger log = LoggerFactory.getLogger(Measuring.class);

    private final SearchPlan plan;
    private final Measures measures;
    private final Measures ofArchitectures;
    private final Measures ofNetworks;
    private final MeasureContext context;
    private final int batch;
    private final Optional<Integer> threads;
    private final Map<Architecture, Measured> byArchitecture = new HashMap<>();
    private final Map<Architecture, Measured> byNetwork = new HashMap<>();

    /**
     * @param threads the number of threads of each task; empty for as many as are configured
     * @throws UserMistake if there are too few images to measure with, or what measures need is too large
     */
    public Measuring(SearchPlan plan, Measures measures, Optional<Integer> threads) {
        this.plan = plan;
        this.measures = measures;
        this.ofArchitectures = measures.ofArchitectures();
        this.ofNetworks = measures.ofNetworks();
        this.context = MeasureContext.ofArchitectures(plan.space(), plan.finalSize());
        this.batch = plan.config().measures().batch();
        this.threads = threads;
        if (measures.need(Needs.FRESH, Needs.IMAGES)) {
            requireBatch();
        }
        if (measures.need(Needs.IMAGES)) {
            requireImages(plan.dataset().train().size());
        }
        if (measures.need(Needs.TRAINABLE)) {
            plan.trialSpec(); // fails before anything has begun
        }
    }

    private void requireBatch() {
        ModelSize size = plan.finalSize();
        if ((long) batch * size.channels() * size.image().pixels() > Integer.MAX_VALUE) {
            throw new UserMistake("measures.batch: " + batch + " images of " + size.image() + " with " + size.channels()
                    + " channels are not accepted; expected less than 2^31 values");
        }
    }

    private void requireImages(int available) {
        int batches = measures.imageBatches();
        if ((long) batches * batch > available) {
            throw new UserMistake("data.train: " + available + " images in the train part are too few to measure with;"
                    + " expected at least " + (long) batches * batch + ", for " + batches + " batches of " + batch
                    + " (measures.batch)");
        }
    }

    /**
     * Makes sure that all that needs no network can be measured.
     *
     * @throws UserMistake naming what is not there, such as an architecture that a table lacks
     */
    void requireMeasurable(List<Architecture> architectures) {
        architectures.forEach(this::own);
    }

    /** What needs no network. */
    private Measured own(Architecture architecture) {
        return byArchitecture.computeIfAbsent(architecture, each -> ofArchitectures.measure(each, context));
    }

    /**
     * Measures connected architectures. Those with the same network are measured once, also by several calls.
     *
     * @param tag of Spark jobs
     * @param session is asked for if one of the measures needs a network
     * @param made is told of what has been measured, part by part, in any order
     */
    public void measure(
            List<Architecture> architectures,
            String tag,
            Supplier<JavaSparkContext> session,
            Consumer<List<Measured>> made) {
        Map<Architecture, List<Measured>> own = architectures.stream()
                .map(this::own)
                .collect(Collectors.groupingBy(
                        each -> plan.space().live(each.architecture()), LinkedHashMap::new, Collectors.toList()));
        if (ofNetworks.columns().isEmpty()) {
            made.accept(own.values().stream().flatMap(List::stream).toList());
            return;
        }
        List<Architecture> missing = own.keySet().stream()
                .filter(network -> !byNetwork.containsKey(network))
                .toList();
        made.accept(own.keySet().stream()
                .filter(byNetwork::containsKey)
                .flatMap(network -> put(own.get(network), byNetwork.get(network)))
                .toList());
        if (!missing.isEmpty()) {
            measureNetworks(missing, tag, session.get(), part -> {
                part.forEach(each -> byNetwork.put(each.architecture(), each));
                made.accept(part.stream()
                        .flatMap(each -> put(own.get(each.architecture()), each))
                        .toList());
            });
        }
    }

    private Stream<Measured> put(List<Measured> own, Measured network) {
        return own.stream().map(each -> measures.of(each, network));
    }

    /** Tasks that measure, and what they ask of Spark. */
    private record Tasks(MeasuringJob job, Optional<ResourceProfile> profile) {}

    private void measureNetworks(
            List<Architecture> networks, String tag, JavaSparkContext spark, Consumer<List<Measured>> made) {
        EngineChoice engine = engine(spark);
        if (byNetwork.isEmpty()) {
            ModelSize size = size();
            log.info(
                    "networks with channels = {} and cells = {} are measured with {}: {}",
                    size.channels(),
                    size.cells(),
                    engine.name(),
                    engine.reason());
        }
        Tasks tasks = tasks(engine, spark);
        new ArchitectureMeasuring(spark, tag, tasks.profile())
                .measure(tasks.job(), networks, made)
                .forEach(machine -> log.info("latency is that of {}", machine));
    }

    /**
     * Measures final networks one after the other in a single task.
     *
     * @param profile what the task requests from Spark; empty for Spark's default
     * @param engine the name of the engine
     * @param made is told of what has been measured
     * @return the host, engine and device
     */
    public SortedSet<String> measureInOneTask(
            List<Architecture> architectures,
            Optional<ResourceProfile> profile,
            String engine,
            JavaSparkContext spark,
            Consumer<List<Measured>> made) {
        Tasks tasks = tasks(engine, profile, spark);
        return new ArchitectureMeasuring(spark, UUID.randomUUID().toString(), profile)
                .measureInOneTask(tasks.job(), architectures, made);
    }

    /**
     * Seconds in which all devices together measure a network, by measuring some now.
     *
     * @param networks some of them; without what they need there is nothing to be measured
     * @throws JobException if a task fails
     */
    double secondsOfOne(List<Architecture> networks, JavaSparkContext spark) {
        Tasks tasks = tasks(engine(spark), spark);
        int devices = Slots.of(spark, tasks.profile());
        JavaRDD<MeasureTask> one = spark.parallelize(List.of(new MeasureTask(networks)), 1);
        try {
            return tasks.profile()
                            .map(one::withResources)
                            .orElse(one)
                            .map(new TimeMeasures(tasks.job()))
                            .first()
                    / devices;
        } catch (Exception e) { // Spark's are checked, and declared nowhere
            throw new JobException("timing measures", e, spark);
        }
    }

    private boolean takenApart() {
        return measures.need(Needs.FRESH, Needs.IMAGES);
    }

    private Set<EngineNeed> engineNeeds() {
        Set<EngineNeed> needs = EnumSet.noneOf(EngineNeed.class);
        if (takenApart()) {
            needs.add(EngineNeed.INSPECTION);
        }
        if (measures.need(Needs.TRAINABLE) && plan.config().supernet().affine()) {
            needs.add(EngineNeed.AFFINE_NORMS);
        }
        return needs;
    }

    private ModelSize size() {
        return measures.need(Needs.TRAINABLE) && !takenApart()
                ? plan.trialSpec().size()
                : plan.finalSize();
    }

    private Optional<ResourceProfile> gpus(JavaSparkContext spark) {
        return GpuProfile.of(spark.getConf(), plan.config().cluster().gpusPerSupernet());
    }

    private EngineChoice engine(JavaSparkContext spark) {
        return EngineChoice.forMeasuring(
                plan.config().supernet(),
                engineNeeds(),
                spark.getConf(),
                gpus(spark).isPresent());
    }

    private Tasks tasks(EngineChoice engine, JavaSparkContext spark) {
        return tasks(engine.name(), engine.profile(gpus(spark)), spark);
    }

    private Tasks tasks(String engine, Optional<ResourceProfile> profile, JavaSparkContext spark) {
        EngineSetup setup = new EngineSetup(
                engine,
                threads.orElseGet(() -> configuredThreads(spark)),
                GpuProfile.shareOfATask(spark, profile, plan.config().cluster().gpusPerSupernet()),
                Precision.FLOAT32,
                "");
        MeasuringJob job = new MeasuringJob(
                plan.space(),
                plan.finalSize(),
                ofNetworks,
                setup,
                images(spark),
                batch,
                measures.need(Needs.TRAINABLE) ? plan.trialSpec() : null,
                plan.config().seed());
        return new Tasks(job, profile);
    }

    private MeasuringImages images(JavaSparkContext spark) {
        return measures.needImages()
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
