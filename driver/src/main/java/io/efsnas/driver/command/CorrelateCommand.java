package io.efsnas.driver.command;

import io.efsnas.driver.benchmark.CorrelationReport;
import io.efsnas.driver.benchmark.PredictionFile;
import io.efsnas.driver.benchmark.Predictors;
import io.efsnas.driver.benchmark.RunCorrelation;
import io.efsnas.driver.benchmark.TabularBenchmark;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.process.Version;
import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.network.ModelSize;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SearchSpaces;
import io.efsnas.storage.FileSystems;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Holds a ranking against accuracies that are known. */
@Command(
        name = "correlate",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Compares predictors with true accuracies: every column of a ranking, the rules that can be made"
                + " of these columns, and predictors that need no training. For each predictor it prints Kendall's tau"
                + " with its 95 %% interval, Spearman's rho, and tau with the true accuracies rounded to 0.1 %%"
                + " (sparse), among the half, the 10 %% and the 1 %% that are truly the best, and in each subspace. It"
                + " also prints by how much the best architecture exceeds the predictor's first one and the best of"
                + " its first ten (regret), and the percentile of the latter. With --run-dir, it writes all of this to"
                + " correlation.json there.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  efsnas correlate --run-dir runs/1 --table truth.csv",
            "  efsnas correlate --scores scores.csv --table truth.csv"
        })
public final class CorrelateCommand implements Callable<Integer> {

    /** Without a run, costs are those of the network of NAS-Bench-201. */
    private static final int CHANNELS = 16;

    private static final int CELLS = 5;

    /** What is compared; one of the two. */
    private static final class Source {
        @Option(names = "--run-dir", paramLabel = "DIR", description = "Run directory of a search that has ended.")
        private String runDirectory;

        @Option(
                names = "--scores",
                paramLabel = "FILE.csv",
                description = "Table with a column architecture, others of numbers, and perhaps node and score.")
        private String scores;
    }

    @ArgGroup(multiplicity = "1")
    private Source source;

    @Option(
            names = "--table",
            required = true,
            paramLabel = "FILE.csv",
            description = "True accuracies, in percent or as fractions: a table with the columns architecture and"
                    + " test_accuracy, or test_accuracy_SEED for each seed, of which the mean counts.")
    private String table;

    @Option(
            names = "--space",
            paramLabel = "NAME",
            defaultValue = "nas-bench-201",
            description = "Search space of --scores. Default: ${DEFAULT-VALUE}.")
    private String space;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        Configuration hadoop = new Configuration();
        if (source.runDirectory != null) {
            RunDirectory run = new RunDirectory(source.runDirectory, hadoop);
            SearchSpace searched = run.requireSearch().searchConfig().space().space();
            TabularBenchmark benchmark = benchmark(searched, hadoop);
            print(
                    RunCorrelation.of(run, benchmark)
                            .orElseThrow(() -> new UserMistake("none of the architectures that were scored in " + run
                                    + " is among the " + benchmark.size() + " of the benchmark table")),
                    searched);
        } else {
            SearchSpace named = UserMistake.checking("--space: ", () -> SearchSpaces.named(space));
            Path scores = path("--scores", source.scores);
            List<RankedSubnet> predictions = PredictionFile.read(files(scores, hadoop), scores, named);
            ModelSize size = new ModelSize(CHANNELS, CELLS, RunCorrelation.IMAGE, RunCorrelation.CLASSES);
            print(
                    CorrelationReport.of(
                            predictions, Predictors.of(predictions, named, size), benchmark(named, hadoop)),
                    named);
        }
        return 0;
    }

    private TabularBenchmark benchmark(SearchSpace searched, Configuration hadoop) {
        Path truth = path("--table", table);
        return TabularBenchmark.read(files(truth, hadoop), truth, searched);
    }

    private void print(CorrelationReport report, SearchSpace searched) {
        PrintWriter out = command.commandLine().getOut();
        out.print(report.toText(searched));
        out.flush();
    }

    private static Path path(String option, String text) {
        return UserMistake.checking(() -> FileSystems.path(option, text));
    }

    private static FileSystem files(Path path, Configuration hadoop) {
        return UserMistake.checking(() -> FileSystems.of(path, hadoop));
    }
}
