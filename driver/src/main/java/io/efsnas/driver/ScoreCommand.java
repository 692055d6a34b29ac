package io.efsnas.driver;

import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.ranking.Ranking;
import io.efsnas.driver.ranking.RankingFile;
import io.efsnas.space.Architecture;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Scores architectures with the trained supernets of a search.",
        footerHeading = "%nExample:%n",
        footer = "  efsnas score --run-dir runs/1 --architectures mine.txt --output scores.csv")
final class ScoreCommand implements Callable<Integer> {

    @Option(names = "--run-dir", required = true, paramLabel = "DIR", description = "Run directory of the search.")
    private String runDirectory;

    @Option(
            names = "--architectures",
            required = true,
            paramLabel = "FILE",
            description = "Architectures in the space's text form, one a line; blank lines are passed over.")
    private String architectures;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE.csv",
            description = "Where the scores go, in the columns of ranking.csv, the most accurate first.")
    private String output;

    @Option(names = "--master", paramLabel = "URL", description = "Spark master. Default: embedded Spark.")
    private Optional<String> master;

    @Override
    public Integer call() {
        Configuration hadoop = Sessions.hadoop();
        Path file = new Path(output);
        FileSystem files = fileSystem(file, hadoop);
        RunDirectory run = new RunDirectory(runDirectory, hadoop);
        SearchConfig config = SearchRecord.config(run.requireSearch());
        try (SparkSession spark = Sessions.open(master, config.cluster().gpusPerSupernet())) {
            Search search = new Search(spark, config, run);
            SearchPlan plan = search.plan();
            List<Architecture> wanted = ArchitectureList.read(
                    new Path(architectures), plan.partition().space(), hadoop);
            Ranking ranking = new Ranking(
                    plan.partition().space(),
                    search.score(wanted).stream()
                            .flatMap(report -> report.scores().stream())
                            .map(plan::scored)
                            .toList());
            RankingFile.writeCsv(files, file, ranking);
        }
        return 0;
    }

    /** Asked for before anything is scored, since it is the user who may have mistyped it. */
    private static FileSystem fileSystem(Path output, Configuration hadoop) {
        try {
            FileSystem files = output.getFileSystem(hadoop);
            if (files.exists(output) && files.getFileStatus(output).isDirectory()) {
                throw new IllegalArgumentException("--output " + output + " is a directory; expected a file");
            }
            return files;
        } catch (IOException e) {
            throw new IllegalArgumentException("--output " + output + " cannot be written: " + e.getMessage(), e);
        }
    }
}
