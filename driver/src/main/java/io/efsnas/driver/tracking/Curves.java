package io.efsnas.driver.tracking;

import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.tracking.EventFile.Point;
import io.efsnas.job.RoundReport;
import io.efsnas.retraining.EpochReport;
import io.efsnas.training.RoundMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Event files of TensorBoard in a run directory: one for each supernet, for each finalist and for the model. Each is
 * written anew from all that is known whenever there is more, so that a run that was resumed has the curves of all of it. An
 * MLflow server has them as metrics.
 */
public final class Curves {

    private static final String LOSS = "loss";
    private static final double MILLIS = 1000;

    private final RunDirectory run;
    private final MlflowRun mlflow;

    /**
     * @param mlflow is told of the same points
     */
    public Curves(RunDirectory run, MlflowRun mlflow) {
        this.run = run;
        this.mlflow = mlflow;
    }

    /**
     * Writes what a supernet has learned, without rounds in which it took no step.
     *
     * @param node the id of the supernet
     * @param rounds the reports of all its rounds so far
     * @param learningRate the learning rate at the end of a round
     */
    public void writeRounds(String node, List<RoundReport> rounds, ToDoubleFunction<RoundReport> learningRate) {
        List<Point> points = new ArrayList<>();
        for (RoundReport report : rounds) {
            RoundMetrics metrics = report.metrics();
            if (metrics.steps() == 0) {
                continue;
            }
            points.add(new Point(
                    metrics.lastStep(),
                    report.begun() / MILLIS + report.seconds(),
                    new TreeMap<>(Map.of(
                            LOSS,
                            metrics.loss(),
                            "accuracy",
                            metrics.accuracy(),
                            "learning-rate",
                            learningRate.applyAsDouble(report),
                            "steps-per-second",
                            metrics.steps() / metrics.trainingSeconds()))));
        }
        write("supernet-" + node, points);
    }

    /**
     * Writes what a final network has learned.
     *
     * @param name {@code model}, or {@code finalist-} and a number
     * @param epochs all its epochs so far
     * @param ended when the last one has ended, in milliseconds since 1970
     */
    public void writeEpochs(String name, List<EpochReport> epochs, long ended) {
        double seconds = ended / MILLIS
                - epochs.stream().mapToDouble(EpochReport::seconds).sum();
        List<Point> points = new ArrayList<>();
        for (EpochReport epoch : epochs) {
            seconds += epoch.seconds();
            points.add(new Point(
                    epoch.epoch(),
                    seconds,
                    new TreeMap<>(Map.of(
                            LOSS,
                            epoch.loss(),
                            epoch.testAccuracy() == null ? "validation-accuracy" : "test-accuracy",
                            epoch.accuracy()))));
        }
        write(name, points);
    }

    private void write(String name, List<Point> points) {
        run.requireLease();
        EventFile.write(run.files(), run.events(name), points);
        mlflow.curve(name, points);
    }
}
