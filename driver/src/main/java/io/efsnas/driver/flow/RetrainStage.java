package io.efsnas.driver.flow;

import io.efsnas.data.Dataset;
import io.efsnas.driver.config.Key;
import io.efsnas.driver.config.RetrainConfig;
import io.efsnas.driver.process.Seconds;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.retrain.ModelDirectory;
import io.efsnas.driver.retrain.Retraining;
import io.efsnas.driver.retrain.TaskRetraining;
import io.efsnas.driver.retrain.cluster.RetrainingPlan;
import io.efsnas.driver.run.ModelRecord;
import io.efsnas.driver.run.Producer;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.spark.GpuProfile;
import io.efsnas.driver.spark.JobException;
import io.efsnas.driver.spark.JobLabel;
import io.efsnas.driver.spark.Slots;
import io.efsnas.job.DescribeGpu;
import io.efsnas.job.RetrainingJob;
import io.efsnas.job.TaskPlace;
import io.efsnas.network.Cost;
import io.efsnas.network.Shape;
import io.efsnas.retraining.EpochReport;
import io.efsnas.space.Architecture;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last stage of a search: an architecture trained from scratch and kept as a model, with what describes it. */
public final class RetrainStage {

    private static final Logger log = LoggerFactory.getLogger(RetrainStage.class);

    private final JavaSparkContext spark;
    private final SearchPlan plan;
    private final RunDirectory output;
    private final ModelDirectory directory;
    private final String tag;

    /**
     * @param output where the model goes
     * @param tag the tag of the Spark jobs
     */
    public RetrainStage(SparkSession session, SearchPlan plan, RunDirectory output, String tag) {
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.plan = plan;
        this.output = output;
        this.directory = new ModelDirectory(output.toString(), spark.hadoopConfiguration());
        this.tag = tag;
    }

    /**
     * What an architecture would be retrained by.
     *
     * @throws UserMistake in one line, naming the key, if it cannot be
     */
    static RetrainingChoice choice(RetrainConfig retrain, JavaSparkContext spark) {
        Optional<ResourceProfile> gpus = GpuProfile.ofOneTask(spark.getConf());
        return RetrainingChoice.of(
                retrain, spark.getConf(), gpus.isPresent(), () -> DescribeGpu.ofAnExecutor(spark, gpus));
    }

    /**
     * Trains an architecture, or goes on where an earlier process with the same settings was stopped.
     *
     * @return two lines for the user: what the model achieves and where it is
     * @throws UserMistake if there are no test images, a retraining with other settings is there, or the
     *     engine or its device does not work
     * @throws JobException if a job of Spark's failed for good; the same call goes on after the last epoch
     */
    public String run(Architecture architecture) {
        try (JobLabel label = new JobLabel(spark, tag, "efsnas-retraining", "retraining")) {
            return retrain(architecture);
        } catch (Exception e) {
            if (e instanceof SparkException) { // is checked, and declared nowhere
                throw new JobException("retraining", e, spark);
            }
            throw e;
        }
    }

    private String retrain(Architecture architecture) {
        RetrainingChoice choice = choice(plan.config().retrain(), spark);
        log.info("retraining {} with {}: {}", format(architecture), Key.of(choice.engine()), choice.reason());
        return switch (choice.engine()) {
            case LIBTORCH -> withLibtorch(architecture, choice);
            case DL4J, AUTO -> withDl4j(architecture);
        };
    }

    private String withLibtorch(Architecture architecture, RetrainingChoice choice) {
        RetrainingJob job = RetrainingSpecs.inOneTask(
                plan,
                architecture,
                RetrainingChoice.LIBTORCH,
                threads(),
                directory.states(),
                spark.hadoopConfiguration());
        TaskRetraining retraining = new TaskRetraining(
                spark, job, GpuProfile.ofOneTask(spark.getConf()), choice.onGpu(), plan.dataset(), directory);
        List<EpochReport> epochs = retraining.run(this::log);
        output.write(model(architecture, choice.engine(), 1, Optional.empty(), epochs));
        return result(epochs, directory.safetensors());
    }

    private String withDl4j(Architecture architecture) {
        RetrainingPlan retraining =
                RetrainingSpecs.withDl4j(plan, architecture, workers(), taskCpus(), spark.hadoopConfiguration());
        log.info("retraining with {} worker(s), {}", retraining.workers(), Key.of(retraining.mode()));
        List<EpochReport> epochs = new Retraining(spark, retraining, plan.dataset(), directory).run(this::log);
        output.write(model(
                architecture, RetrainConfig.Engine.DL4J, retraining.workers(), Optional.of(retraining.mode()), epochs));
        return result(epochs, directory.model());
    }

    private static String result(List<EpochReport> epochs, Path model) {
        return String.format(
                Locale.ROOT,
                "retrained  test accuracy %.4f after %d epochs, %s%nmodel      %s",
                epochs.get(epochs.size() - 1).testAccuracy(),
                epochs.size(),
                Seconds.text(seconds(epochs)),
                model);
    }

    private String format(Architecture architecture) {
        return plan.space().format(architecture);
    }

    private int taskCpus() {
        return spark.getConf().getInt("spark.task.cpus", 1);
    }

    /**
     * Threads of a retraining in one task: as many as one that resumes has had, else all cores of embedded Spark, where
     * nothing else runs at that time.
     */
    private int threads() {
        return directory
                .threads()
                .orElseGet(() -> TaskPlace.isEmbedded(spark.getConf()) ? spark.defaultParallelism() : taskCpus());
    }

    /** As many as a retraining that goes on has had, else as many as tasks run at a time. */
    private int workers() {
        return directory.workers().orElseGet(() -> {
            spark.parallelize(List.of(0)).count(); // not before there are executors
            return Slots.of(spark, Optional.empty());
        });
    }

    private void log(EpochReport epoch) {
        int epochs = plan.config().retrain().epochs();
        log.info(String.format(
                Locale.ROOT,
                "retraining: epoch %d of %d, loss %.4f, test accuracy %.4f, %.1f s; about %s left",
                epoch.epoch(),
                epochs,
                epoch.loss(),
                epoch.testAccuracy(),
                epoch.seconds(),
                Seconds.text(epoch.seconds() * (epochs - epoch.epoch()))));
    }

    private static double seconds(List<EpochReport> epochs) {
        return epochs.stream().mapToDouble(EpochReport::seconds).sum();
    }

    /**
     * What {@code model.json} says.
     *
     * @param mode how the workers trained together; empty if one trained alone
     */
    private ModelRecord model(
            Architecture architecture,
            RetrainConfig.Engine engine,
            int workers,
            Optional<RetrainConfig.Mode> mode,
            List<EpochReport> epochs) {
        Dataset dataset = plan.dataset();
        Shape image = dataset.shape();
        Cost cost = plan.cost(architecture);
        Cost live = plan.liveCost(architecture);
        return new ModelRecord(
                format(architecture),
                List.of(image.channels(), image.height(), image.width()),
                dataset.normalization(),
                dataset.classNames(),
                epochs.get(epochs.size() - 1).testAccuracy(),
                dataset.test().size(),
                dataset.trainAndValidation().size(),
                epochs.size(),
                seconds(epochs),
                cost.flops(),
                cost.parameters(),
                live.flops(),
                live.parameters(),
                Key.of(engine),
                workers,
                mode.map(Key::of).orElse(null),
                epochs,
                Producer.of(plan.config(), dataset.fingerprint()));
    }
}
