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

/** The ranking of a run directory, held against true accuracies. */
public final class RunCorrelation {

    /** What the costs of networks are taken of: images and classes cost all architectures the same. */
    public static final Shape IMAGE = new Shape(3, 32, 32);

    public static final int CLASSES = 10;

    private RunCorrelation() {}

    /**
     * Compares a ranking, and writes {@code correlation.json} beside it.
     *
     * @throws UserMistake naming the file if one is missing or damaged, or if no ranked architecture is in the table
     */
    public static CorrelationReport of(RunDirectory run, TabularBenchmark benchmark) {
        SearchConfig config = run.requireSearch().searchConfig();
        SearchSpace space = config.space().space();
        ModelSize size = config.finalSize(IMAGE, CLASSES);
        List<RankedSubnet> ranking = PredictionFile.read(run.files(), run.path(RunFile.RANKING), space);
        CorrelationReport report = CorrelationReport.of(
                ranking,
                Predictors.of(ranking, space, size),
                benchmark,
                run.selection()
                        .map(SelectionRecord::architecture)
                        .map(architecture -> UserMistake.checking(
                                run.path(RunFile.SELECTION) + ": ", () -> space.parse(architecture))));
        run.write(report.toRecord(space));
        return report;
    }
}
