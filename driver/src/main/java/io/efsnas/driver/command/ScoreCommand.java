package io.efsnas.driver.command;

import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.flow.SearchFlow;
import io.efsnas.driver.process.Version;
import io.efsnas.driver.ranking.Ranking;
import io.efsnas.driver.ranking.RankingFile;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.spark.Sessions;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Scores what a user lists with the supernets of a search that has been trained. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Scores architectures with the trained supernets of a search.",
        footerHeading = "%nExample:%n",
        footer = "  efsnas score --run-dir runs/1 --architectures mine.txt --output scores.csv")
public final class ScoreCommand implements Callable<Integer> {

    @Option(names = "--run-dir", required = true, paramLabel = "DIR", description = "Run directory of the search.")
    private String runDirectory;

    @Option(
            names = "--architectures",
            required = true,
            paramLabel = "FILE",
            description = "Architectures in the space's text form, one a line; blank lines are skipped.")
    private String architectures;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE.csv",
            description = "Where the scores go, in the columns of ranking.csv, the most accurate first.")
    private String output;

    @Option(names = OutputFile.OVERWRITE, description = "Replaces the file of --output if there is one.")
    private boolean overwrite;

    @Mixin
    private MasterOption master;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        Configuration hadoop = Sessions.hadoop();
        OutputFile file = OutputFile.of("--output", output, overwrite, hadoop);
        RunDirectory run = new RunDirectory(runDirectory, hadoop);
        SearchConfig config = run.requireSearch().searchConfig();
        try (SparkSession spark = master.open(config.cluster())) {
            SearchFlow search = new SearchFlow(spark, config, run);
            SearchSpace space = search.plan().space();
            List<Architecture> wanted = ArchitectureList.read(architectures, space, hadoop);
            Ranking ranking = search.score(wanted);
            RankingFile.writeCsv(file.files(), file.path(), ranking);
            PrintWriter out = command.commandLine().getOut();
            out.printf("scores     of %d architectures: %s%n", ranking.subnets().size(), file.path());
            out.flush();
        }
        return 0;
    }
}
