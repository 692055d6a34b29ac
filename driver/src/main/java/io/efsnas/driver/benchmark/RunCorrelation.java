package io.efsnas.driver.benchmark;

import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunFile;
import io.efsnas.driver.run.SelectionRecord;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.SearchSpace;
import java.util.List;
import java.util.Optional;

/** The ranking of a run directory, held against true accuracies. */
public final class RunCorrelation {

    /** What the costs of networks are taken of: images and classes cost all architectures the same. */
    public static final Shape IMAGE = new Shape(3, 32, 32);

    public static final int CLASSES = 10;

    private RunCorrelation() {}

    /**
     * Compares a ranking, and writes {@code correlation.json} beside it.
     *
     * @return empty if no ranked architecture is in the table
     * @throws UserMistake naming the file if one is missing or damaged
     */
    public static Optional<CorrelationReport> of(RunDirectory run, TabularBenchmark benchmark) {
        SearchConfig config = run.requireSearch().searchConfig();
        SearchSpace space = config.space().space();
        ModelSize size = config.finalSize(IMAGE, CLASSES);
        List<RankedSubnet> ranking = PredictionFile.read(run.files(), run.path(RunFile.RANKING), space);
        if (ranking.stream()
                .noneMatch(subnet -> benchmark.accuracy(subnet.architecture()).isPresent())) {
            return Optional.empty();
        }
        CorrelationReport report = CorrelationReport.of(
                ranking,
                Predictors.of(ranking, space, size),
                benchmark,
                run.selection()
                        .map(SelectionRecord::architecture)
                        .map(architecture -> UserMistake.checking(
                                run.path(RunFile.SELECTION) + ": ", () -> space.parse(architecture))));
        run.write(report.toRecord(space));
        return Optional.of(report);
    }
}
