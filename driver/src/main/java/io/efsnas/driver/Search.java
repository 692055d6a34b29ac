package io.efsnas.driver;

import com.typesafe.config.Config;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.flow.SearchFlow;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.ranking.RankingFile;
import io.efsnas.driver.run.RunContents;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunFile;
import io.efsnas.driver.run.RunLease;
import io.efsnas.driver.selection.Selection;
import io.efsnas.driver.spark.JobException;
import io.efsnas.space.SearchSpace;
import java.io.UncheckedIOException;
import org.apache.spark.sql.SparkSession;

/**
 * A search, from its configuration to a ranking and a selected architecture in a run directory (Oh, Lee, Ham,
 * <i>Efficient Few-Shot Neural Architecture Search by Counting the Number of Nonlinear Functions</i>, AAAI 2025): the
 * space is split by the number of nonlinear functions, each subspace's supernet is trained by the same number of steps
 * and sampled subnets, and subnets are scored with their own supernet and ranked together.
 *
 * <p>For programs and notebooks, which call {@link #run(SparkSession, Config, String)}.
 */
public final class Search {

    private Search() {}

    /**
     * Searches, and retrains where the configuration says so, in a session that stays the caller's: it is neither
     * reconfigured nor stopped, and only the search's own jobs are cancelled if it fails or the calling thread is
     * interrupted. Executors keep images and supernets for the next search until they end.
     *
     * @param config what differs from the defaults, such as {@code ConfigFactory.parseFile} reads (and not {@code load},
     *     which adds the JVM's own properties)
     * @param runDirectory where results go, on any file system that Hadoop reaches; an unfinished search there is
     *     resumed
     * @throws UserMistake in one line, if the configuration does not suit the images or the cluster, if the
     *     run directory holds another search or is in use, or if no subnet meets the limits
     * @throws JobException in one line, if a job of Spark's failed for good; the same call goes on from there
     * @throws UncheckedIOException in one line, if a file cannot be read or written
     */
    public static SearchResult run(SparkSession session, Config config, String runDirectory) {
        RunDirectory run = new RunDirectory(runDirectory, session.sparkContext().hadoopConfiguration());
        SearchFlow search = new SearchFlow(session, SearchConfig.of(config), run);
        new RunContents(run).requireNoOthers();
        try (RunLease lease = search.lease()) {
            Selection selection = search.run();
            search.retrain(selection);
            SearchSpace space = search.plan().space();
            return new SearchResult(
                    run.toString(),
                    space.format(selection.subnet().architecture()),
                    selection.reasons(space),
                    RankingFile.readParquet(session, run.path(RunFile.RANKING_PARQUET)));
        }
    }
}
