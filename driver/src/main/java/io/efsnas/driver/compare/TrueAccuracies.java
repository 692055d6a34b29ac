package io.efsnas.driver.compare;

import io.efsnas.driver.benchmark.Predictors;
import io.efsnas.driver.benchmark.RunCorrelation;
import io.efsnas.driver.benchmark.TabularBenchmark;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.run.ComparisonRecord;
import io.efsnas.driver.run.ComparisonRecord.Quality;
import io.efsnas.driver.run.CorrelationRecord;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.network.ModelSize;
import io.efsnas.space.SearchSpace;
import io.efsnas.storage.FileSystems;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The table of true accuracies that searches are judged by. */
final class TrueAccuracies {

    private static final String KEY = "compare.table";

    private final Path path;
    private final SearchSpace space;
    private final TabularBenchmark benchmark;

    /**
     * Reads a table.
     *
     * @throws UserMistake naming the key if it cannot be found, or file and line if it is malformed
     */
    TrueAccuracies(String file, SearchSpace space, Configuration hadoop) {
        this.path = UserMistake.checking(KEY + ": ", () -> FileSystems.path(KEY, file));
        this.space = space;
        this.benchmark = TabularBenchmark.read(
                UserMistake.checking(KEY + ": ", () -> FileSystems.of(path, hadoop)), path, space);
    }

    ComparisonRecord.Table toRecord() {
        return new ComparisonRecord.Table(path.toString(), benchmark.size(), benchmark.best(), benchmark.fingerprint());
    }

    /** How well what costs nothing orders the table. */
    List<Quality> baselines(ModelSize size) {
        return Predictors.baselines(benchmark, space, size).stream()
                .map(baseline -> quality(baseline.toRecord()))
                .toList();
    }

    /**
     * How well everything that a search could rank by orders the architectures that are in the table as well; its directory
     * says so as well afterwards. Empty if a search that chooses its architectures itself has chosen none of the table.
     */
    List<Quality> judge(RunDirectory search) {
        return RunCorrelation.of(search, benchmark)
                .map(report -> report.toRecord(space).predictors().stream()
                        .map(this::quality)
                        .toList())
                .orElse(List.of());
    }

    /** With regrets against the best of the whole table, whatever part of it was ranked. */
    private Quality quality(CorrelationRecord.Predictor predictor) {
        return new Quality(
                predictor.name(),
                predictor.overall().architectures(),
                predictor.overall().kendallTau(),
                predictor.top().half().kendallTau(),
                benchmark.best() - predictor.first().accuracy(),
                benchmark.best() - predictor.bestOfTen().accuracy());
    }

    /** The true accuracy of an architecture, in percent; empty if the table lacks it. */
    OptionalDouble of(String architecture) {
        return benchmark.accuracy(space.parse(architecture));
    }
}
