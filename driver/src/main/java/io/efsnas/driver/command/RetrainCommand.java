package io.efsnas.driver.command;

import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.flow.RetrainStage;
import io.efsnas.driver.flow.SearchPlan;
import io.efsnas.driver.flow.TrackedRun;
import io.efsnas.driver.flow.TrackedRun.Ends;
import io.efsnas.driver.process.Termination;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.process.Version;
import io.efsnas.driver.report.Report;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunLease;
import io.efsnas.driver.run.SelectionRecord;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains the selected architecture of a search, or one that a user names, from scratch. */
@Command(
        name = "retrain",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Trains the selected architecture of a search, or the first few of its ranking, from scratch and"
                + " saves the model.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  efsnas retrain --run-dir runs/1",
            "  efsnas retrain --run-dir runs/1 --set retrain.epochs=20 --output hdfs:///models/short",
            "  efsnas retrain --run-dir runs/1 --set retrain.engine=libtorch",
            "  efsnas retrain --run-dir runs/1 --set retrain.top=10 --set retrain.halving=[10,4,1] --output models/best"
        })
public final class RetrainCommand implements Callable<Integer>, Resumable {

    private static final Set<String> CHANGEABLE = Set.of("network", "retrain", "cluster", "tracking");

    @Option(names = "--run-dir", required = true, paramLabel = "DIR", description = "Run directory of the search.")
    private String runDirectory;

    @Option(
            names = "--architecture",
            paramLabel = "TEXT",
            description = "Trains this architecture, in the space's text form, instead of the selected one.")
    private Optional<String> architecture;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Where the model and model.json go, on any file system that Hadoop reaches; an unfinished"
                    + " retraining with the same settings there is resumed. Default: the run directory.")
    private Optional<String> output;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "Sets a key of retrain, network, cluster or tracking, instead of the search's value; may be given"
                            + " several times.")
    private List<String> overrides = new ArrayList<>();

    @Mixin
    private MasterOption master;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        try (SparkSession spark = master.open()) {
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            RunDirectory run = new RunDirectory(runDirectory, hadoop);
            SearchConfig config =
                    SearchConfig.parse(run.requireSearch().config().toString(), overrides, CHANGEABLE);
            boolean several = config.retrain().finalists().areSeveral();
            if (several && architecture.isPresent()) {
                throw new UserMistake("--architecture trains one architecture, and retrain.top = "
                        + config.retrain().finalists().top() + " asks for several; set retrain.top=1");
            }
            RunDirectory results = new RunDirectory(output.orElse(runDirectory), hadoop);
            try (RunLease lease = RunLease.take(results, () -> Termination.begin(Termination.Cause.LEASE_LOST))) {
                SearchPlan plan = SearchPlan.load(config, hadoop);
                TrackedRun tracked = new TrackedRun(plan, results);
                RetrainStage stage = new RetrainStage(
                        spark,
                        plan,
                        results,
                        tracked.mlflow(),
                        UUID.randomUUID().toString());
                String result = tracked.tracking(
                        () -> {
                            String retrained = several
                                    ? stage.runFinalists(run)
                                    : stage.run(architecture(config.space().space(), run));
                            if (output.isEmpty()) {
                                Report.write(run);
                            }
                            return retrained;
                        },
                        Ends.THE_RUN);
                command.commandLine().getOut().println(result);
            }
        }
        return 0;
    }

    @Override
    public Optional<String> resumption() {
        return Optional.of(SAME_COMMAND);
    }

    private Architecture architecture(SearchSpace space, RunDirectory run) {
        String text = architecture.orElseGet(() -> run.selection()
                .map(SelectionRecord::architecture)
                .orElseThrow(() -> new UserMistake("the search in " + run
                        + " has not selected an architecture yet; finish it first, or give --architecture")));
        Architecture parsed = UserMistake.checking(() -> space.parse(text));
        if (!space.connected(parsed)) {
            throw new UserMistake("the image does not reach the output of " + text);
        }
        return parsed;
    }
}
