package io.efsnas.driver.flow;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunFile;
import io.efsnas.driver.spark.SubnetScoring;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.job.ScoreReport;
import io.efsnas.scoring.SubnetScore;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.Evaluation;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scores of a run directory, each made once: those that an earlier process had made are read from its {@code
 * scores.csv}, which is written anew as scoring goes on.
 */
final class ScoreStore {

    private static final Logger log = LoggerFactory.getLogger(ScoreStore.class);
    private static final List<String> COLUMNS = List.of(
            "step",
            "architecture",
            "even_images",
            "even_correct",
            "even_loss_sum",
            "odd_images",
            "odd_correct",
            "odd_loss_sum");

    /** What was scored by which state of its supernet. */
    private record Key(long step, Architecture architecture) {}

    private final RunDirectory run;
    private final FileSystem files;
    private final Path path;
    private final SearchPlan plan;
    private final Map<Key, SubnetScore> known = new LinkedHashMap<>();
    private final List<ScoreReport> reports = new ArrayList<>();

    ScoreStore(RunDirectory run, SearchPlan plan) {
        this.run = run;
        this.files = run.files();
        this.path = run.path(RunFile.SCORES);
        this.plan = plan;
    }

    /**
     * Reads what an earlier process has had scored.
     *
     * @throws UserMistake naming the file and line of a malformed row
     * @throws UncheckedIOException naming the file if it cannot be read
     */
    void read() {
        if (run.has(RunFile.SCORES)) {
            readTable();
            log.info("scoring resumes after {} scores", known.size());
        }
    }

    private void readTable() {
        try {
            CsvFile.read(files, path, COLUMNS, this::row).forEach(known::putAll);
        } catch (UserMistake e) {
            throw new UserMistake(
                    e.getMessage() + "; remove the file, and the search scores again when it" + " resumes", e);
        }
    }

    private Map<Key, SubnetScore> row(CsvFile.Row row) {
        Architecture architecture = space().parse(row.text("architecture"));
        return Map.of(
                new Key(row.longValue("step"), architecture),
                new SubnetScore(architecture, evaluation(row, "even"), evaluation(row, "odd")));
    }

    private static Evaluation evaluation(CsvFile.Row row, String half) {
        return new Evaluation(
                row.intValue(half + "_images"),
                row.doubleValue(half + "_correct"),
                row.doubleValue(half + "_loss_sum"));
    }

    private SearchSpace space() {
        return plan.space();
    }

    /**
     * The scores of architectures by supernets after some steps, subspace by subspace.
     *
     * @param scoring by the supernets as they are after {@code step}
     */
    List<SubnetScore> scores(
            SubnetScoring scoring, long step, List<Architecture> architectures, SubnetScoring.Progress progress) {
        List<Architecture> missing = architectures.stream()
                .filter(architecture -> !known.containsKey(new Key(step, architecture)))
                .toList();
        if (!missing.isEmpty()) {
            reports.addAll(scoring.score(missing, progress, made -> add(step, made)));
        }
        return scoring.tree().byLeaf(architectures).values().stream()
                .flatMap(List::stream)
                .map(architecture -> known.get(new Key(step, architecture)))
                .toList();
    }

    /** Whether all these scores by supernets after some steps are there. */
    boolean has(long step, List<Architecture> architectures) {
        return architectures.stream().allMatch(architecture -> known.containsKey(new Key(step, architecture)));
    }

    private void add(long step, List<ScoreReport> made) {
        made.stream()
                .flatMap(report -> report.scores().stream())
                .forEach(score -> known.put(new Key(step, score.architecture()), score));
        run.requireLease();
        CsvFile.write(
                files, path, COLUMNS, known.entrySet().stream().map(score -> values(score.getKey(), score.getValue())));
    }

    /** In the order of the columns. */
    private List<Object> values(Key key, SubnetScore score) {
        return List.of(
                key.step(),
                space().format(key.architecture()),
                score.even().images(),
                score.even().correct(),
                score.even().lossSum(),
                score.odd().images(),
                score.odd().correct(),
                score.odd().lossSum());
    }

    /** What this process has had scored. */
    List<ScoreReport> reports() {
        return reports;
    }
}
