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
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.supernet.Evaluation;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scores of a run directory, each made once: those that an earlier process had made are read from its {@code
 * scores.csv}, which is written anew as scoring goes on, the more rarely the longer that takes.
 */
final class ScoreStore {

    private static final Logger log = LoggerFactory.getLogger(ScoreStore.class);
    private static final List<String> COLUMNS = List.of(
            "step",
            "node",
            "architecture",
            "even_images",
            "even_correct",
            "even_loss_sum",
            "odd_images",
            "odd_correct",
            "odd_loss_sum");

    /**
     * What was scored by which state of which supernet.
     *
     * @param network an architecture for all with the same network
     */
    private record Key(long step, String node, Architecture network) {}

    private final Optional<RunDirectory> kept;
    private final SearchSpace space;
    private final List<String> measures;
    private final Map<Key, SubnetScore> known = new LinkedHashMap<>();
    private final List<ScoreReport> reports = new ArrayList<>();
    private final Pace pace = new Pace(System::nanoTime);
    private boolean written = true;

    /**
     * @param kept the run directory that keeps what is scored; empty to keep nothing
     */
    ScoreStore(Optional<RunDirectory> kept, SearchPlan plan) {
        this.kept = kept;
        this.space = plan.space();
        this.measures = plan.trainedMeasures().columns();
    }

    /**
     * Reads what an earlier process has had scored.
     *
     * @throws UserMistake naming the file and line of a malformed row
     * @throws UncheckedIOException naming the file if it cannot be read
     */
    void read() {
        kept.filter(run -> run.has(RunFile.SCORES)).ifPresent(this::read);
    }

    private void read(RunDirectory run) {
        try {
            CsvFile.read(run.files(), run.path(RunFile.SCORES), columns(), this::row)
                    .forEach(known::putAll);
        } catch (UserMistake e) {
            throw new UserMistake(
                    e.getMessage() + "; remove the file, and the search scores again when it" + " resumes", e);
        }
        log.info("scoring resumes after {} scores", known.size());
    }

    private Map<Key, SubnetScore> row(CsvFile.Row row) {
        Architecture architecture = space.parse(row.text("architecture"));
        return Map.of(
                new Key(row.longValue("step"), row.text("node"), architecture),
                new SubnetScore(architecture, evaluation(row, "even"), evaluation(row, "odd"))
                        .with(measures.stream().map(row::numberOrNone).toList()));
    }

    private static Evaluation evaluation(CsvFile.Row row, String half) {
        return new Evaluation(
                row.intValue(half + "_images"),
                row.doubleValue(half + "_correct"),
                row.doubleValue(half + "_loss_sum"));
    }

    /**
     * The scores of architectures by supernets after some steps, supernet by supernet. Those with the same network, which
     * differ only in operations that do not reach the output, are scored once by each supernet.
     *
     * @param scoring scoring by the supernets as they are after {@code step}
     */
    List<SubnetScore> scores(
            SubnetScoring scoring, long step, List<Architecture> architectures, SubnetScoring.Progress progress) {
        Map<SupernetNode, List<Architecture>> byLeaf = scoring.tree().byLeaf(architectures);
        Map<SupernetNode, List<Architecture>> missing = new LinkedHashMap<>();
        byLeaf.forEach((leaf, own) -> {
            List<Architecture> networks = own.stream()
                    .map(space::live)
                    .distinct()
                    .filter(network -> !known.containsKey(new Key(step, leaf.id(), network)))
                    .toList();
            if (!networks.isEmpty()) {
                missing.put(leaf, networks);
            }
        });
        if (!missing.isEmpty()) {
            reports.addAll(scoring.score(missing, progress, made -> add(step, made)));
        }
        return byLeaf.entrySet().stream()
                .flatMap(leaf -> leaf.getValue().stream()
                        .map(architecture -> known.get(key(step, leaf.getKey(), architecture))
                                .of(architecture)))
                .toList();
    }

    private Key key(long step, SupernetNode leaf, Architecture architecture) {
        return new Key(step, leaf.id(), space.live(architecture));
    }

    /** Whether all these scores by supernets after some steps are there. */
    boolean has(long step, SupernetTree tree, List<Architecture> architectures) {
        return architectures.stream()
                .allMatch(architecture -> known.containsKey(key(step, tree.leafOf(architecture), architecture)));
    }

    private void add(long step, List<ScoreReport> made) {
        for (ScoreReport report : made) {
            report.scores().forEach(score -> known.put(new Key(step, report.node(), score.architecture()), score));
        }
        written = false;
        if (pace.isDue()) {
            writeRest();
        }
    }

    /** Writes what is not written yet. */
    void writeRest() {
        if (!written) {
            kept.ifPresent(run -> pace.run(() -> write(run)));
            written = true;
        }
    }

    private void write(RunDirectory run) {
        run.requireLease();
        CsvFile.write(
                run.files(),
                run.path(RunFile.SCORES),
                columns(),
                known.entrySet().stream().map(score -> values(score.getKey(), score.getValue())));
    }

    /** In the order of the columns. */
    private List<Object> values(Key key, SubnetScore score) {
        List<Object> values = new ArrayList<>(List.of(
                key.step(),
                key.node(),
                space.format(key.network()),
                score.even().images(),
                score.even().correct(),
                score.even().lossSum(),
                score.odd().images(),
                score.odd().correct(),
                score.odd().lossSum()));
        score.measured().forEach(value -> values.add(CsvFile.number(value)));
        return values;
    }

    private List<String> columns() {
        return Stream.concat(COLUMNS.stream(), measures.stream()).toList();
    }

    /** What this process has had scored. */
    List<ScoreReport> reports() {
        return reports;
    }
}
