package io.efsnas.driver.compare;

import io.efsnas.driver.config.Key;
import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.run.ComparisonRecord;
import io.efsnas.driver.run.ComparisonRecord.Quality;
import io.efsnas.driver.run.ComparisonRecord.Result;
import io.efsnas.driver.run.ComparisonRecord.Search;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunFile;
import io.efsnas.driver.storage.CsvFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The file {@code comparison.csv}: a row for each search, then one for each of the free baselines, which have a strategy's
 * name and no seed. What is not known is an empty cell; {@code compared} is how many ranked architectures the table has.
 */
final class ComparisonFile {

    private static final List<String> COLUMNS = List.of(
            "strategy",
            "seed",
            "state",
            "steps",
            "cost",
            "device-seconds",
            "rule",
            "selected",
            "accuracy",
            "flops",
            "parameters",
            "test-accuracy",
            "true-accuracy",
            "compared",
            "tau",
            "tau-top-half",
            "regret-first",
            "regret-best-of-ten",
            "tau-of-accuracy",
            "tau-top-half-of-accuracy");

    private ComparisonFile() {}

    /** Writes it, in place of an earlier file. */
    static void write(RunDirectory run, ComparisonRecord comparison) {
        run.requireLease();
        CsvFile.write(
                run.files(),
                run.path(RunFile.COMPARISON_TABLE),
                COLUMNS,
                Stream.concat(
                        comparison.searches().stream().map(ComparisonFile::row),
                        comparison.baselines().stream().map(ComparisonFile::row)));
    }

    private static List<Object> row(Search search) {
        List<Object> row = new ArrayList<>(List.of(
                search.strategy(),
                search.seed(),
                Key.of(search.state()),
                search.steps(),
                CsvFile.number(search.cost()),
                search.deviceSeconds()));
        Optional<Result> result = Optional.ofNullable(search.result());
        row.add(result.map(Result::rule).orElse(""));
        row.add(result.map(Result::selected).orElse(""));
        row.add(cell(result.map(Result::accuracy)));
        row.add(cell(result.map(Result::flops)));
        row.add(cell(result.map(Result::parameters)));
        row.add(cell(result.map(Result::testAccuracy)));
        row.add(cell(result.map(Result::trueAccuracy)));
        row.addAll(qualities(result.flatMap(found -> found.quality(ComparisonRecord.SCORE))));
        Optional<Quality> accuracy = result.flatMap(found -> found.quality(Columns.ACCURACY));
        row.add(cell(accuracy.map(Quality::kendallTau)));
        row.add(cell(accuracy.map(Quality::kendallTauTopHalf)));
        return row;
    }

    private static List<Object> row(Quality baseline) {
        List<Object> row = new ArrayList<>(List.of(baseline.predictor(), "", "baseline", "", 0, 0));
        row.addAll(List.of("", "", "", "", "", "", ""));
        row.addAll(qualities(Optional.of(baseline)));
        row.addAll(List.of("", ""));
        return row;
    }

    private static List<Object> qualities(Optional<Quality> quality) {
        return List.of(
                cell(quality.map(found -> (double) found.architectures())),
                cell(quality.map(Quality::kendallTau)),
                cell(quality.map(Quality::kendallTauTopHalf)),
                cell(quality.map(Quality::regretOfFirst)),
                cell(quality.map(Quality::regretOfBestOfTen)));
    }

    private static Object cell(Optional<Double> value) {
        return value.map(CsvFile::number).orElse("");
    }
}
