package io.efsnas.driver;

import io.efsnas.driver.benchmark.CorrelationReport;
import io.efsnas.driver.benchmark.Prediction;
import io.efsnas.driver.benchmark.TabularBenchmark;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SearchSpaces;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "correlate",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Compares a ranking with true accuracies: Kendall's tau and Spearman's rho, over all and in each"
                + " subspace, and the true accuracy of the architecture ranked first.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  efsnas correlate --run-dir runs/1 --table truth.csv",
            "  efsnas correlate --scores scores.csv --table truth.csv"
        })
final class CorrelateCommand implements Callable<Integer> {

    /** What is compared; one of the two. */
    private static final class Source {
        @Option(names = "--run-dir", paramLabel = "DIR", description = "Run directory of a search that has ended.")
        private String runDirectory;

        @Option(
                names = "--scores",
                paramLabel = "FILE.csv",
                description = "Table with the columns architecture, accuracy and perhaps subspace.")
        private String scores;
    }

    @ArgGroup(multiplicity = "1")
    private Source source;

    @Option(
            names = "--table",
            required = true,
            paramLabel = "FILE.csv",
            description = "True accuracies: a table with the columns architecture and test_accuracy, in percent.")
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
        Path scores;
        SearchSpace searched;
        if (source.runDirectory != null) {
            RunDirectory run = new RunDirectory(source.runDirectory, hadoop);
            searched = SearchRecord.config(run.requireSearch()).partition().space();
            scores = run.rankingCsv();
        } else {
            searched = SearchSpaces.named(space);
            scores = new Path(source.scores);
        }
        Path truth = new Path(table);
        try {
            List<Prediction> predictions = Prediction.read(scores.getFileSystem(hadoop), scores, searched);
            TabularBenchmark benchmark = TabularBenchmark.read(truth.getFileSystem(hadoop), truth, searched);
            PrintWriter out = command.commandLine().getOut();
            out.print(CorrelationReport.of(predictions, benchmark).toText());
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + scores + " or " + truth + ": " + e.getMessage(), e);
        }
        return 0;
    }
}
