package io.efsnas.driver.flow;

import io.efsnas.data.Dataset;
import io.efsnas.driver.config.Key;
import io.efsnas.driver.config.RetrainConfig;
import io.efsnas.driver.process.Seconds;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.retrain.Dl4jTensors;
import io.efsnas.driver.retrain.FinalistRetraining;
import io.efsnas.driver.retrain.ModelDirectory;
import io.efsnas.driver.retrain.Retraining;
import io.efsnas.driver.retrain.TaskRetraining;
import io.efsnas.driver.retrain.cluster.RetrainingPlan;
import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.run.FinalistsRecord;
import io.efsnas.driver.run.FinalistsRecord.Finalist;
import io.efsnas.driver.run.ModelRecord;
import io.efsnas.driver.run.Producer;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.spark.GpuProfile;
import io.efsnas.driver.spark.JobException;
import io.efsnas.driver.spark.JobLabel;
import io.efsnas.driver.spark.Slots;
import io.efsnas.driver.tracking.Curves;
import io.efsnas.driver.tracking.MlflowRun;
import io.efsnas.job.DescribeGpu;
import io.efsnas.job.RetrainingJob;
import io.efsnas.network.Cost;
import io.efsnas.network.Shape;
import io.efsnas.retraining.EpochReport;
import io.efsnas.space.Architecture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
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
    private final Curves curves;
    private final ModelDirectory directory;
    private final String tag;

    /**
     * @param output where the model goes
     * @param mlflow is told of curves
     * @param tag the tag of the Spark jobs
     */
    public RetrainStage(SparkSession session, SearchPlan plan, RunDirectory output, MlflowRun mlflow, String tag) {
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.plan = plan;
        this.output = output;
        this.curves = new Curves(output, mlflow);
        this.directory = new ModelDirectory(output.toString(), spark.hadoopConfiguration());
        this.tag = tag;
    }

    /**
     * What an architecture would be retrained by.
     *
     * @throws UserMistake in one line, naming the key, if it cannot be
     */
    static RetrainingChoice choice(SearchPlan plan, JavaSparkContext spark) {
        Optional<ResourceProfile> gpus = GpuProfile.ofOneTask(spark.getConf());
        return RetrainingChoice.of(
                plan.config().retrain(),
                Dl4jTensors.beyondDl4j(plan.space(), plan.finalSize()),
                spark.getConf(),
                gpus.isPresent(),
                () -> DescribeGpu.ofAnExecutor(spark, gpus));
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
        return labelled(() -> retrain(architecture));
    }

    /**
     * Trains the first {@code retrain.top} of a ranking side by side and keeps the best, or goes on where an earlier process
     * with the same settings was stopped.
     *
     * @param search the run directory with the ranking
     * @return lines for the user: what the best one is and achieves, and where it is
     * @throws UserMistake as {@link #run}, and if the ranking does not have so many
     * @throws JobException if the jobs of all failed for good; the same call goes on after their last epochs
     */
    public String runFinalists(RunDirectory search) {
        return labelled(
                () -> finalists(Finalists.of(plan, search, config().finalists().top())));
    }

    private String labelled(Supplier<String> work) {
        try (JobLabel label = new JobLabel(spark, tag, "efsnas-retraining", "retraining")) {
            return work.get();
        } catch (Exception e) {
            if (e instanceof SparkException) { // is checked, and declared nowhere
                throw new JobException("retraining", e, spark);
            }
            throw e;
        }
    }

    private RetrainConfig config() {
        return plan.config().retrain();
    }

    private String retrain(Architecture architecture) {
        RetrainingChoice choice = choice(plan, spark);
        log.info("retraining {} with {}: {}", format(architecture), Key.of(choice.engine()), choice.reason());
        return switch (choice.engine()) {
            case VECTOR, LIBTORCH -> inOneTask(architecture, choice);
            case DL4J, AUTO -> withDl4j(architecture);
        };
    }

    private String finalists(List<RankedSubnet> first) {
        RetrainingChoice choice = choice(plan, spark);
        log.info("retraining the first {} with {}: {}", first.size(), Key.of(choice.engine()), choice.reason());
        Dataset dataset = plan.dataset();
        requireTestImages(dataset);
        int heldOut = config().finalists()
                .heldOut(dataset.train().size(), dataset.validation().size());
        if (heldOut > dataset.validation().size()) {
            throw new UserMistake("retrain.held-out: " + heldOut + " is not accepted; expected auto, or at most the "
                    + dataset.validation().size() + " images of the validation part");
        }
        RetrainingThreads threads = threads(choice, true);
        int ofATask = directory.threads().orElse(threads.ofATask());
        Map<RetrainingJob, Finalist> finalists = new LinkedHashMap<>();
        for (int i = 0; i < first.size(); i++) {
            RankedSubnet subnet = first.get(i);
            String states = new Path(directory.states(), "finalist-" + (i + 1)).toString();
            finalists.put(job(subnet.architecture(), choice, ofATask, states, heldOut), finalist(i + 1, subnet));
        }
        FinalistRetraining.Tasks tasks = new FinalistRetraining.Tasks(
                spark,
                GpuProfile.ofOneTask(spark.getConf()),
                choice.onGpu(),
                running -> threads.shareAll() ? threads.each(running) : ofATask);
        Finalist winner = new FinalistRetraining(
                        tasks, config().finalists().stages(config().epochs()), finalists, output)
                .run(this::log);
        Architecture architecture = plan.space().parse(winner.architecture());
        int trainingImages = dataset.train().size() + dataset.validation().size() - heldOut;
        output.write(model(
                architecture,
                choice.engine(),
                1,
                Optional.empty(),
                trainingImages,
                winner.testAccuracy(),
                winner.history()));
        return String.format(
                Locale.ROOT,
                "retrained  %d finalists; the winner, ranked %d, is %s%n           validation accuracy %.4f%n%s",
                first.size(),
                winner.rank(),
                winner.architecture(),
                winner.validationAccuracy(),
                result(winner.testAccuracy(), winner.history(), directory.safetensors()));
    }

    private static void requireTestImages(Dataset dataset) {
        if (dataset.test().size() == 0) {
            throw new UserMistake(Retraining.NO_TEST_IMAGES);
        }
    }

    private Finalist finalist(int rank, RankedSubnet subnet) {
        Cost live = plan.liveCost(subnet.architecture());
        return new Finalist(
                rank,
                format(subnet.architecture()),
                Double.isFinite(subnet.score()) ? subnet.score() : null,
                subnet.has(Columns.ACCURACY) ? subnet.value(Columns.ACCURACY) : null,
                live.flops(),
                live.parameters(),
                List.of(),
                FinalistsRecord.State.TRAINING,
                null,
                null);
    }

    private RetrainingJob job(
            Architecture architecture, RetrainingChoice choice, int threads, String states, int heldOut) {
        return RetrainingSpecs.inOneTask(
                plan, architecture, Key.of(choice.engine()), threads, states, heldOut, spark.hadoopConfiguration());
    }

    private RetrainingThreads threads(RetrainingChoice choice, boolean several) {
        return RetrainingThreads.of(choice, several, spark.getConf(), spark.defaultParallelism());
    }

    private void log(Finalist finalist, EpochReport epoch) {
        curves.writeEpochs("finalist-" + finalist.rank(), finalist.history(), System.currentTimeMillis());
        log.info(String.format(
                Locale.ROOT,
                "retraining: finalist %d, epoch %d of %d, loss %.4f, validation accuracy %.4f, %.1f s",
                finalist.rank(),
                epoch.epoch(),
                config().epochs(),
                epoch.loss(),
                epoch.accuracy(),
                epoch.seconds()));
    }

    private String inOneTask(Architecture architecture, RetrainingChoice choice) {
        // One that resumes has as many threads as before.
        int threads = directory.threads().orElse(threads(choice, false).each(1));
        RetrainingJob job = job(architecture, choice, threads, directory.states(), 0);
        TaskRetraining retraining = new TaskRetraining(
                spark, job, GpuProfile.ofOneTask(spark.getConf()), choice.onGpu(), plan.dataset(), directory);
        List<EpochReport> epochs = retraining.run(this::log);
        writeCurves(epochs);
        output.write(model(architecture, choice.engine(), 1, Optional.empty(), epochs));
        return result(last(epochs).testAccuracy(), epochs, directory.safetensors());
    }

    private String withDl4j(Architecture architecture) {
        RetrainingPlan retraining =
                RetrainingSpecs.withDl4j(plan, architecture, workers(), taskCpus(), spark.hadoopConfiguration());
        log.info(
                "retraining with {} worker(s), {}",
                retraining.team().workers(),
                Key.of(retraining.team().mode()));
        List<EpochReport> epochs = new Retraining(spark, retraining, plan.dataset(), directory).run(this::log);
        writeCurves(epochs);
        output.write(model(
                architecture,
                RetrainConfig.Engine.DL4J,
                retraining.team().workers(),
                Optional.of(retraining.team().mode()),
                epochs));
        return result(last(epochs).testAccuracy(), epochs, directory.model());
    }

    private void writeCurves(List<EpochReport> epochs) {
        curves.writeEpochs("model", epochs, System.currentTimeMillis());
    }

    private static EpochReport last(List<EpochReport> epochs) {
        return epochs.get(epochs.size() - 1);
    }

    private static String result(double testAccuracy, List<EpochReport> epochs, Path model) {
        return String.format(
                Locale.ROOT,
                "retrained  test accuracy %.4f after %d epochs, %s%nmodel      %s",
                testAccuracy,
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

    /** As many as a retraining that goes on has had, else as many as tasks run at a time. */
    private int workers() {
        return directory.workers().orElseGet(() -> Slots.settled(spark, Optional.empty()));
    }

    private void log(EpochReport epoch) {
        int epochs = config().epochs();
        log.info(String.format(
                Locale.ROOT,
                "retraining: epoch %d of %d, loss %.4f, test accuracy %.4f, %.1f s%s",
                epoch.epoch(),
                epochs,
                epoch.loss(),
                epoch.testAccuracy(),
                epoch.seconds(),
                Seconds.rest(epoch.seconds(), 1, epochs - epoch.epoch() + 1, "left")));
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
        int trainingImages = plan.dataset().trainAndValidation().size();
        return model(
                architecture,
                engine,
                workers,
                mode,
                trainingImages,
                last(epochs).testAccuracy(),
                epochs);
    }

    private ModelRecord model(
            Architecture architecture,
            RetrainConfig.Engine engine,
            int workers,
            Optional<RetrainConfig.Mode> mode,
            int trainingImages,
            double testAccuracy,
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
                testAccuracy,
                dataset.test().size(),
                trainingImages,
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
