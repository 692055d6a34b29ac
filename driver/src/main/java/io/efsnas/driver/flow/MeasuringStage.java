package io.efsnas.driver.flow;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunFile;
import io.efsnas.measure.Measured;
import io.efsnas.measure.Measures;
import io.efsnas.scoring.SubnetScore;
import io.efsnas.space.Architecture;
import io.efsnas.split.SupernetTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the rows of a search's table: what the configuration wants to know of each architecture. What took an untrained
 * network to measure can be kept in the run directory.
 */
final class MeasuringStage {

    private static final Logger log = LoggerFactory.getLogger(MeasuringStage.class);

    private final SearchPlan plan;
    private final Optional<RunDirectory> kept;
    private final SharedMeasures shared;
    private final JavaSparkContext spark;
    private final String tag;
    private final Measures measures;
    private final Measuring measuring;
    private final Map<Architecture, List<Double>> measured = new HashMap<>();

    /**
     * @param kept the run directory that keeps what is measured; empty to keep nothing
     * @param shared what other searches have measured
     * @param tag the tag of the Spark jobs
     * @param threads the number of threads of each task: with that of the supernets, a search that resumes measures
     *     the same bits
     */
    MeasuringStage(
            SearchPlan plan,
            Optional<RunDirectory> kept,
            SharedMeasures shared,
            JavaSparkContext spark,
            String tag,
            int threads) {
        this.plan = plan;
        this.kept = kept;
        this.shared = shared;
        this.spark = spark;
        this.tag = tag;
        this.measures = plan.measures();
        this.measuring = new Measuring(plan, measures, Optional.of(threads));
    }

    /**
     * Makes sure that all that needs no network can be measured.
     *
     * @throws UserMistake naming what is not there
     */
    void requireMeasurable(List<Architecture> architectures) {
        measuring.requireMeasurable(architectures);
    }

    /** Measures architectures that will be asked for, if that takes networks. */
    void measureEarly(List<Architecture> architectures) {
        if (!measures.ofNetworks().columns().isEmpty()) {
            measure(architectures, now -> {});
            log.info("measured {} architectures so far, beside the training", measured.size());
        }
    }

    /** The rows of architectures that no supernet has scored. */
    List<MeasuredSubnet> unscored(SupernetTree tree, List<Architecture> architectures) {
        measure(architectures);
        return architectures.stream()
                .map(architecture -> new MeasuredSubnet(
                        architecture, tree.leafOf(architecture).id(), measures.columns(), measured.get(architecture)))
                .toList();
    }

    /** The rows of architectures that their supernets have scored. */
    List<MeasuredSubnet> scored(SupernetTree tree, Collection<SubnetScore> scores) {
        measure(scores.stream().map(SubnetScore::architecture).toList());
        List<String> columns = Stream.of(Columns.LEARNED, plan.trainedMeasures().columns(), measures.columns())
                .flatMap(List::stream)
                .toList();
        return scores.stream().map(score -> row(tree, score, columns)).toList();
    }

    private MeasuredSubnet row(SupernetTree tree, SubnetScore score, List<String> columns) {
        List<Double> values = new ArrayList<>(columns.size());
        values.add(score.evaluation().accuracy());
        values.add(score.evaluation().loss());
        values.addAll(score.measured());
        values.addAll(measured.get(score.architecture()));
        return new MeasuredSubnet(
                score.architecture(), tree.leafOf(score.architecture()).id(), columns, values);
    }

    private void measure(List<Architecture> architectures) {
        measure(architectures, now -> log.info("measured {} of {} architectures", now, architectures.size()));
    }

    /** @param told how many are measured by now */
    private void measure(List<Architecture> architectures, IntConsumer told) {
        if (measures.ofNetworks().columns().isEmpty()) {
            measureMissing(architectures, told);
            return;
        }
        shared.inTurn(kept, others -> {
            if (!measured.keySet().containsAll(architectures)) {
                others.forEach(this::read);
                if (measured.keySet().containsAll(architectures)) {
                    kept.ifPresent(this::write); // measureMissing has nothing to write
                }
            }
            measureMissing(architectures, told);
        });
    }

    private void measureMissing(List<Architecture> architectures, IntConsumer told) {
        List<Architecture> missing = architectures.stream()
                .filter(architecture -> !measured.containsKey(architecture))
                .toList();
        int before = measured.size() + missing.size() - architectures.size();
        measuring.measure(missing, tag, () -> spark, part -> {
            part.forEach(each -> measured.put(each.architecture(), each.values()));
            if (!measures.ofNetworks().columns().isEmpty() && !part.isEmpty()) {
                kept.ifPresent(this::write);
                told.accept(measured.size() - before);
            }
        });
    }

    /**
     * Reads what an earlier process has measured.
     *
     * @throws UserMistake naming the file and line of a malformed row
     */
    void read() {
        kept.filter(run -> run.has(RunFile.MEASURES)).ifPresent(this::read);
    }

    private void read(RunDirectory run) {
        try {
            MeasuresFile.read(run.files(), run.path(RunFile.MEASURES), plan.space(), measures.columns())
                    .forEach(each -> measured.put(each.architecture(), each.values()));
        } catch (UserMistake e) {
            throw new UserMistake(
                    e.getMessage() + "; remove the file, and the search measures again when it resumes", e);
        }
    }

    private void write(RunDirectory run) {
        run.requireLease();
        MeasuresFile.write(
                run.files(),
                run.path(RunFile.MEASURES),
                plan.space(),
                measures.columns(),
                measured.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> new Measured(entry.getKey(), entry.getValue())));
    }
}
