package io.efsnas.driver.command;

import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.flow.SearchFlow;
import io.efsnas.driver.flow.SearchPlan;
import io.efsnas.driver.process.Termination;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.process.Version;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunLease;
import io.efsnas.driver.selection.Selection;
import io.efsnas.network.Cost;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a search here, or follows it on a Livy server. */
@Command(
        name = "search",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Searches a space: trains the supernets, scores and ranks their subnets, and selects the best.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  efsnas search --config conf/quickstart.conf",
            "  efsnas search --config conf/quickstart.conf --dry-run",
            "  efsnas search --config my.conf --set training.steps=2000 --run-dir runs/longer",
            "  efsnas search --config my.conf --master spark://host:7077 --run-dir hdfs:///runs/1",
            "  efsnas search --config my.conf --livy http://host:8998 --livy-batch batch.json --run-dir hdfs:///runs/1"
        })
public final class SearchCommand implements Callable<Integer>, Resumable {

    @Mixin
    private ConfigOptions config;

    @Mixin
    private NewRunOption runDirectory;

    @Mixin
    private OtherFilesOption otherFiles;

    @Option(
            names = "--allow-engine-change",
            description = "Resumes a search even with another engine, number of threads or native library, which gives"
                    + " results with other last bits.")
    private boolean anyEngine;

    @Option(
            names = "--dry-run",
            description =
                    "Checks configuration, images, engines, cluster and limits, takes some steps on the executors,"
                            + " and prints what the search costs and about how long it takes. Writes nothing.")
    private boolean dryRun;

    @Mixin
    private MasterOption master;

    @ArgGroup(exclusive = false)
    private LivyOptions livy;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        SearchConfig loaded = config.load();
        if (livy != null) {
            return searchByLivy(loaded);
        }
        try (SparkSession spark = master.open(loaded.cluster())) {
            RunDirectory run = new RunDirectory(
                    runDirectory.directory(config), spark.sparkContext().hadoopConfiguration());
            otherFiles.check(run);
            SearchFlow search = new SearchFlow(spark, loaded, run, run, anyEngine);
            if (dryRun) {
                SpaceCommand.print(search.plan(), command.commandLine().getOut());
                EstimateText.print(
                        search.estimate(), search.plan(), command.commandLine().getOut());
                return 0;
            }
            try (RunLease lease = search.lease(() -> Termination.begin(Termination.Cause.LEASE_LOST))) {
                PrintWriter out = command.commandLine().getOut();
                Selection selection = search.run();
                print(out, selection, search.plan(), run);
                search.retrain(selection).ifPresent(out::println);
            }
        }
        return 0;
    }

    @Override
    public Optional<String> resumption() {
        return dryRun ? Optional.empty() : runDirectory.resumption();
    }

    private int searchByLivy(SearchConfig loaded) {
        if (master.isGiven() || runDirectory.given().isEmpty()) {
            throw new UserMistake("--livy needs --run-dir, a directory that the cluster can write, and no"
                    + " --master: the server knows its own");
        }
        if (dryRun) {
            throw new UserMistake("--dry-run takes its steps from here, not on a Livy server; expected it without"
                    + " --livy, with --master for the cluster's executors");
        }
        CommandLine line = command.commandLine();
        return new LivySearch(livy.server(), line.getOut(), line.getErr())
                .run(livy.request(mainClass(), loaded, runDirectory.given().orElseThrow(), otherFiles.arguments()));
    }

    /** The class of this command line, which a Livy batch starts as well. */
    private String mainClass() {
        return command.root().userObject().getClass().getName();
    }

    /** Tells what was selected, and where the results are. */
    static void print(PrintWriter out, Selection selection, SearchPlan plan, RunDirectory run) {
        SearchSpace space = plan.space();
        Architecture selected = selection.subnet().architecture();
        Cost cost = plan.cost(selected);
        Cost live = plan.liveCost(selected);
        out.printf(Locale.ROOT, "%nselected   %s%n", space.format(selected));
        selection.reasons(space).forEach(reason -> out.println("           " + reason));
        out.printf(
                Locale.ROOT,
                "costs      %.2f M FLOPs, %.3f M parameters as the final network%s%n",
                cost.flops() / 1e6,
                cost.parameters() / 1e6,
                live.equals(cost)
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", of which %.2f M and %.3f M reach the output",
                                live.flops() / 1e6,
                                live.parameters() / 1e6));
        out.println("results    " + run);
        out.flush();
    }
}
