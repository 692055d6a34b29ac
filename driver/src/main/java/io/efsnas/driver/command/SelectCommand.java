package io.efsnas.driver.command;

import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.flow.SearchFlow;
import io.efsnas.driver.process.Termination;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.process.Version;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunLease;
import io.efsnas.driver.spark.Sessions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Selects again with the supernets of a search that has been trained. */
@Command(
        name = "select",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Selects again with the trained supernets of a search: under other limits or by another" + " strategy.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  efsnas select --run-dir runs/1 --output runs/1-small --set ranking.limits.flops=60e6",
            "  efsnas select --run-dir runs/1 --output runs/1-evolved --set selection.strategy=evolution"
        })
public final class SelectCommand implements Callable<Integer>, Resumable {

    private static final Set<String> CHANGEABLE = Set.of("scoring", "measures", "ranking", "rules", "selection");

    @Option(
            names = "--run-dir",
            required = true,
            paramLabel = "DIR",
            description = "Run directory of the search that trained the supernets.")
    private String runDirectory;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "Another run directory, where ranking and selection go; an unfinished selection there is"
                    + " resumed.")
    private String output;

    @Mixin
    private OtherFilesOption otherFiles;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a key of scoring, measures, ranking, rules or selection; may be given several times."
                    + " All other keys keep the values with which the supernets were trained.")
    private List<String> overrides = new ArrayList<>();

    @Mixin
    private MasterOption master;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        Configuration hadoop = Sessions.hadoop();
        RunDirectory trained = new RunDirectory(runDirectory, hadoop);
        RunDirectory results = new RunDirectory("--output", output, hadoop);
        if (results.toString().equals(trained.toString())) {
            throw new UserMistake("--output " + output + " holds the search itself; give another directory");
        }
        otherFiles.check(results);
        SearchConfig config =
                SearchConfig.parse(trained.requireSearch().config().toString(), overrides, CHANGEABLE);
        try (SparkSession spark = master.open(config.cluster())) {
            SearchFlow search = new SearchFlow(spark, config, results, trained, false);
            try (RunLease lease = search.lease(() -> Termination.begin(Termination.Cause.LEASE_LOST))) {
                SearchCommand.print(command.commandLine().getOut(), search.run(), search.plan(), results);
            }
        }
        return 0;
    }

    @Override
    public Optional<String> resumption() {
        return Optional.of(SAME_COMMAND);
    }
}
