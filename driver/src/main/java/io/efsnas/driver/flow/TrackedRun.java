package io.efsnas.driver.flow;

import io.efsnas.driver.process.Termination;
import io.efsnas.driver.run.ModelRecord;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.SelectionRecord;
import io.efsnas.driver.storage.Json;
import io.efsnas.driver.tracking.MlflowRun;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Work that an MLflow server is told of, if one is configured. */
public final class TrackedRun {

    private final MlflowRun mlflow;
    private final RunDirectory directory;
    private final SearchPlan plan;

    /**
     * @param directory the run directory
     */
    public TrackedRun(SearchPlan plan, RunDirectory directory) {
        this.mlflow = MlflowRun.of(plan.config().tracking(), directory, System.getenv());
        this.directory = directory;
        this.plan = plan;
    }

    /** What curves are posted to. */
    public MlflowRun mlflow() {
        return mlflow;
    }

    /**
     * Does some of the work. If it fails, so does the run on the server.
     *
     * @param ends whether nothing comes after it
     */
    public <T> T tracking(Supplier<T> work, Ends ends) {
        mlflow.begin(Json.flat(Json.parse(plan.config().render())));
        T result;
        try {
            result = work.get();
        } catch (RuntimeException | Error e) {
            if (Termination.cause().isPresent()) {
                mlflow.stop();
            } else {
                mlflow.fail();
            }
            throw e;
        }
        if (ends == Ends.THE_RUN) {
            mlflow.finish(results());
        }
        return result;
    }

    /** What ends with some work. */
    public enum Ends {
        THE_RUN,
        A_STAGE
    }

    private Map<String, Double> results() {
        Map<String, Double> results = new LinkedHashMap<>();
        directory.selection().ifPresent(selection -> put(selection, results));
        directory.model().map(ModelRecord::testAccuracy).ifPresent(value -> results.put("test-accuracy", value));
        return results;
    }

    private static void put(SelectionRecord selection, Map<String, Double> results) {
        selection.measures().forEach((column, value) -> results.put("selected/" + column, value));
        results.put("selected/score", selection.score());
    }
}
