package io.efsnas.driver.report;

import com.fasterxml.jackson.core.type.TypeReference;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.ranking.RankingFile;
import io.efsnas.driver.ranking.ScoredSubnet;
import io.efsnas.driver.report.plot.Candidate;
import io.efsnas.driver.report.plot.Legend;
import io.efsnas.driver.run.RecordedCorrelation;
import io.efsnas.driver.run.RecordedReliability;
import io.efsnas.driver.run.RecordedSearch;
import io.efsnas.driver.run.RecordedSelection;
import io.efsnas.driver.run.RetrainedModel;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.driver.storage.JsonFile;
import io.efsnas.job.RoundReport;
import io.efsnas.space.SearchSpace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a run directory holds of a search, as far as it has got.
 *
 * @param name of the run directory
 * @param space that was searched
 * @param rounds of all supernets, empty before the first has ended
 * @param ranking the best first, empty before all are scored
 * @param evolution every scored candidate in the order of generations, empty unless one has been run
 */
record ReportData(
        String name,
        RecordedSearch search,
        SearchSpace space,
        List<RoundReport> rounds,
        List<ScoredSubnet> ranking,
        Optional<RecordedSelection> selection,
        List<Candidate> evolution,
        Optional<RetrainedModel> model,
        Optional<RecordedReliability> reliability,
        Optional<RecordedCorrelation> correlation) {

    /**
     * Reads a run directory.
     *
     * @throws UserMistake naming the file if {@code search.json} is not there or a file is damaged
     * @throws UncheckedIOException naming the file if it cannot be read
     */
    static ReportData read(FileSystem files, Path directory) {
        RecordedSearch search = JsonFile.read(
                        files, new Path(directory, "search.json"), new TypeReference<RecordedSearch>() {})
                .orElseThrow(() -> new UserMistake(directory
                        + " is no run directory: it has no search.json; give the one that a search was run" + " with"));
        if (search.tree() == null) {
            throw RunDirectory.ofFormerVersion(directory);
        }
        SearchSpace space =
                SearchConfig.parse(search.config().toString()).space().space();
        Path ranking = new Path(directory, "ranking.csv");
        Path evolution = new Path(directory, "evolution.csv");
        return new ReportData(
                directory.getName(),
                search,
                space,
                JsonFile.read(files, new Path(directory, "rounds.json"), new TypeReference<List<RoundReport>>() {})
                        .orElse(List.of()),
                exists(files, ranking)
                        ? RankingFile.readCsv(files, ranking, space).subnets()
                        : List.of(),
                JsonFile.read(files, new Path(directory, "selection.json"), new TypeReference<>() {}),
                exists(files, evolution)
                        ? CsvFile.read(
                                files,
                                evolution,
                                List.of("generation", "accuracy"),
                                row -> new Candidate(row.intValue("generation"), row.doubleValue("accuracy")))
                        : List.of(),
                JsonFile.read(files, new Path(directory, "model.json"), new TypeReference<>() {}),
                JsonFile.read(files, new Path(directory, "reliability.json"), new TypeReference<>() {}),
                JsonFile.read(files, new Path(directory, "correlation.json"), new TypeReference<>() {}));
    }

    Legend legend() {
        return Legend.of(search);
    }

    /** The engine's builds that trained, each with its GPU; what the driver has as long as there is no round. */
    List<String> engines() {
        return rounds.isEmpty()
                ? List.of(search.engine().build())
                : rounds.stream().map(RoundReport::engine).distinct().sorted().toList();
    }

    private static boolean exists(FileSystem files, Path file) {
        try {
            return files.exists(file);
        } catch (IOException e) {
            throw cannotRead(file, e);
        }
    }

    private static UncheckedIOException cannotRead(Path file, IOException cause) {
        return new UncheckedIOException("cannot read " + file + ": " + cause.getMessage(), cause);
    }
}
