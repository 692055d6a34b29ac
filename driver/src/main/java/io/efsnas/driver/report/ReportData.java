package io.efsnas.driver.report;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.ranking.RankingFile;
import io.efsnas.driver.report.plot.Candidate;
import io.efsnas.driver.report.plot.Legend;
import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.run.ChoiceRecord;
import io.efsnas.driver.run.CorrelationRecord;
import io.efsnas.driver.run.FinalistsRecord;
import io.efsnas.driver.run.ModelRecord;
import io.efsnas.driver.run.ReliabilityRecord;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunFile;
import io.efsnas.driver.run.SearchRecord;
import io.efsnas.driver.run.SelectionRecord;
import io.efsnas.driver.run.SplitRecord;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.job.RoundReport;
import io.efsnas.space.SearchSpace;
import io.efsnas.training.RoundMetrics;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run directory holds of a search, as far as it has got.
 *
 * @param name the name of the run directory
 * @param space the space that was searched
 * @param splits the splits of the supernets that were measured, in the order of the tree
 * @param choices which supernets were kept of several, in the order of the tree
 * @param rounds the rounds of all supernets; empty before the first has ended
 * @param ranking the best first, empty before all are scored
 * @param evolution every scored candidate in the order of generations, empty unless one has been run
 */
record ReportData(
        String name,
        SearchRecord search,
        SearchSpace space,
        List<SplitRecord> splits,
        List<ChoiceRecord> choices,
        List<RoundReport> rounds,
        List<RankedSubnet> ranking,
        Optional<SelectionRecord> selection,
        List<Candidate> evolution,
        Optional<FinalistsRecord> finalists,
        Optional<ModelRecord> model,
        Optional<ReliabilityRecord> reliability,
        Optional<CorrelationRecord> correlation) {

    /**
     * Reads a run directory.
     *
     * @throws UserMistake naming the file if {@code search.json} is not there or a file is damaged
     * @throws UncheckedIOException naming the file if it cannot be read
     */
    static ReportData read(RunDirectory run) {
        SearchRecord search = run.requireSearch();
        SearchSpace space = search.searchConfig().space().space();
        return new ReportData(
                run.path().getName(),
                search,
                space,
                search.tree().stream()
                        .flatMap(node -> run.split(node.node()).stream())
                        .toList(),
                search.tree().stream()
                        .flatMap(node -> run.choice(node.node()).stream())
                        .toList(),
                run.rounds(),
                run.has(RunFile.RANKING)
                        ? RankingFile.readCsv(run.files(), run.path(RunFile.RANKING), space)
                                .subnets()
                        : List.of(),
                run.selection(),
                run.has(RunFile.EVOLUTION) ? candidates(run, bredBy(search)) : List.of(),
                run.finalists(),
                run.model(),
                run.reliability(),
                run.correlation());
    }

    private static List<Candidate> candidates(RunDirectory run, String column) {
        double scale = column.equals(Columns.ACCURACY) ? 100 : 1;
        return CsvFile.read(
                run.files(),
                run.path(RunFile.EVOLUTION),
                List.of("generation", column),
                row -> new Candidate(row.intValue("generation"), scale * row.numberOrNone(column)));
    }

    /** The first column of the rule that candidates are bred by. */
    private static String bredBy(SearchRecord search) {
        return search.searchConfig().ranking().rule().columns().get(0);
    }

    /** How many different networks the ranked subnets are, by the supernets that serve them. */
    long networks() {
        return ranking.stream()
                .map(subnet -> subnet.node() + " " + space.live(subnet.architecture()))
                .distinct()
                .count();
    }

    /** Whether supernets have ranked, or may yet. */
    boolean hasSupernets() {
        return ranking.isEmpty() || ranking.get(0).has(Columns.ACCURACY);
    }

    /** The steps for which each network was trained by itself; empty if none was. */
    Optional<Object> trialSteps() {
        return Optional.ofNullable(search.searchConfig().measures().settings().get("short-training"))
                .map(settings -> settings.get("steps"));
    }

    /** What candidates of an evolution are drawn by. */
    String candidateMerit() {
        String column = bredBy(search);
        return column.equals(Columns.ACCURACY) ? "Accuracy (%)" : column;
    }

    /** The step after which each supernet whose training ended early took no more, by its id. */
    SortedMap<String, Long> endedEarly() {
        SortedMap<String, Long> ended = new TreeMap<>();
        rounds.stream()
                .map(RoundReport::metrics)
                .filter(round -> round.skippedSteps() > 0)
                .forEach(round -> ended.merge(round.node(), round.lastStep(), Math::min));
        return ended;
    }

    /** The steps that all supernets took. */
    long stepsTaken() {
        return rounds.stream()
                .map(RoundReport::metrics)
                .mapToLong(RoundMetrics::steps)
                .sum();
    }

    /** The steps that they would have taken in the same rounds had none ended early. */
    long stepsPlanned() {
        return rounds.stream()
                .map(RoundReport::metrics)
                .mapToLong(round -> round.toStep() - round.fromStep())
                .sum();
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
}
