package io.efsnas.driver.command;

import io.efsnas.driver.compare.Comparison;
import io.efsnas.driver.compare.ComparisonText;
import io.efsnas.driver.config.CompareConfig;
import io.efsnas.driver.process.Termination;
import io.efsnas.driver.process.Version;
import io.efsnas.driver.run.ComparisonRecord;
import io.efsnas.driver.run.ComparisonRecord.State;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunLease;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs several strategies at the same cost, and compares what they find. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Compares strategies at the same cost: each searches the same images with each seed, and the"
                + " training of each may cost the same number of steps. The searches run together. With a table of"
                + " true accuracies, each ranking is compared with it. Writes comparison.csv, comparison.json and"
                + " report.html; each search has a run directory of its own beside them.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  efsnas compare --config conf/compare-quickstart.conf",
            "  efsnas compare --config my.conf --strategies one-shot,efs-nas --seeds 1,2,3 --table truth.csv"
        })
public final class CompareCommand implements Callable<Integer>, Resumable {

    @Mixin
    private ConfigOptions config;

    @Option(
            names = "--strategies",
            paramLabel = "NAME,...",
            description = "Strategies or variants to compare. Default: compare.strategies.")
    private Optional<String> strategies;

    @Option(names = "--seeds", paramLabel = "SEED,...", description = "Seeds of each strategy. Default: compare.seeds.")
    private Optional<String> seeds;

    @Option(
            names = "--table",
            paramLabel = "FILE.csv",
            description = "True accuracies, as efsnas correlate reads them. Default: compare.table.")
    private Optional<String> table;

    @Mixin
    private NewRunOption runDirectory;

    @Mixin
    private OtherFilesOption otherFiles;

    @Option(
            names = "--allow-engine-change",
            description = "Resumes searches even with another engine, number of threads or native library, which gives"
                    + " results with other last bits.")
    private boolean anyEngine;

    @Mixin
    private MasterOption master;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        List<String> further = new ArrayList<>();
        strategies.ifPresent(names -> further.add("compare.strategies=[" + names + "]"));
        seeds.ifPresent(numbers -> further.add("compare.seeds=[" + numbers + "]"));
        table.ifPresent(file -> further.add("compare.table=\"" + file + "\""));
        CompareConfig loaded = config.loadComparison(further);
        try (SparkSession spark = master.open(loaded.own().cluster())) {
            RunDirectory run = new RunDirectory(
                    runDirectory.directory(config), spark.sparkContext().hadoopConfiguration());
            otherFiles.checkComparison(run);
            Comparison comparison = new Comparison(spark, loaded, run, anyEngine);
            try (RunLease lease = RunLease.take(run, () -> Termination.begin(Termination.Cause.LEASE_LOST))) {
                tell(comparison.run(), run);
                return ExitCode.OK;
            }
        }
    }

    @Override
    public Optional<String> resumption() {
        return runDirectory.resumption();
    }

    private void tell(ComparisonRecord found, RunDirectory run) {
        PrintWriter out = command.commandLine().getOut();
        out.println();
        out.print(ComparisonText.of(found));
        out.println("results    " + run);
        out.flush();
        List<String> failed = found.searches().stream()
                .filter(search -> search.state() != State.COMPLETE)
                .map(ComparisonRecord.Search::name)
                .toList();
        if (!failed.isEmpty()) {
            throw new FailedSearchesException(failed, found.searches().size());
        }
    }
}
