package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.flow.SearchFlow;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunLease;
import io.efsnas.driver.spark.Sessions;
import io.efsnas.job.RoundReport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Spark's web pages and metrics show of a search, and what nothing shows: secrets. */
@Timeout(60)
class ObservabilityIT {

    private static final String SECRET = "aB3-of-the-bucket";
    private static final Map<String, String> SPARK = Map.of(
            "spark.ui.enabled", "true",
            "spark.ui.port", "0",
            "spark.metrics.namespace", "nightly",
            "spark.metrics.conf.*.sink.prometheusServlet.class", "org.apache.spark.metrics.sink.PrometheusServlet",
            "spark.metrics.conf.*.sink.prometheusServlet.path", "/metrics/prometheus",
            "spark.metrics.conf.*.sink.jmx.class", "org.apache.spark.metrics.sink.JmxSink",
            "spark.hadoop.fs.s3a.secret.key", SECRET);
    private static final Pattern GAUGE = Pattern.compile("_SupernetMetrics_(\\w+)_Value\\{type=\"gauges\"\\} (\\S+)");

    @TempDir
    private static Path directory;

    private static SparkSession spark;
    /** The last report of each supernet. */
    private static final Map<String, RoundReport> ended = new HashMap<>();

    @BeforeAll
    static void search() {
        SPARK.forEach(System::setProperty);
        spark = Sessions.open(Optional.of("local[2]"));
        RunDirectory run = Runs.in(directory.resolve("run"));
        Config settings = TinySearch.settings()
                .withTwoSupernets()
                .with("training.sharing.warm-start-share", 0.4)
                .with("scoring.architectures", 2)
                .with("ranking.rule", "accuracy")
                .config();
        SearchFlow search = new SearchFlow(spark, SearchConfig.of(settings), run);
        try (RunLease lease = search.lease(() -> {})) {
            search.run();
        }
        run.rounds().forEach(report -> ended.put(report.metrics().node(), report));
    }

    @AfterAll
    static void stop() {
        spark.close();
        SPARK.keySet().forEach(System::clearProperty);
    }

    @Test
    void webPagesNameStageRoundAndSupernetOfEachJob() throws Exception {
        spark.sparkContext().listenerBus().waitUntilEmpty();
        Set<String> jobs = new TreeSet<>();
        String application = spark.sparkContext().applicationId();
        for (JsonNode job : new ObjectMapper().readTree(get("/api/v1/applications/" + application + "/jobs"))) {
            jobs.add(job.path("jobGroup").asText() + " | "
                    + job.path("description").asText());
        }

        assertThat(jobs)
                .containsExactly(
                        "efsnas-ranking | ranking: ranking.parquet",
                        "efsnas-scoring | scoring by supernet 0, step 4",
                        "efsnas-scoring | scoring by supernet 0, step 6",
                        "efsnas-scoring | scoring by supernet 1, step 4",
                        "efsnas-scoring | scoring by supernet 1, step 6",
                        "efsnas-supernet-0 | training: round 2 of 3 of supernet 0, steps 2 to 4",
                        "efsnas-supernet-0 | training: round 3 of 3 of supernet 0, steps 4 to 6",
                        "efsnas-supernet-1 | training: round 2 of 3 of supernet 1, steps 2 to 4",
                        "efsnas-supernet-1 | training: round 3 of 3 of supernet 1, steps 4 to 6",
                        "efsnas-supernet-root | training: round 1 of 1 of supernet root, steps 0 to 4");
    }

    @Test
    void prometheusSeesTheSupernets() throws Exception {
        Map<String, Double> gauges = new HashMap<>();
        do { // an executor does not wait until the driver has its last report
            Matcher line = GAUGE.matcher(get("/metrics/prometheus/"));
            while (line.find()) {
                gauges.put(line.group(1), Double.valueOf(line.group(2)));
            }
        } while (ended.keySet().stream()
                .anyMatch(supernet -> gauges.getOrDefault(name(supernet) + "_step", 0.0)
                        < ended.get(supernet).metrics().toStep()));

        assertThat(gauges).containsEntry("supernets", 3.0).hasSize(1 + 3 * 5);
        ended.forEach((supernet, report) -> {
            String name = name(supernet);
            double trained = report.metrics().trainingSeconds();
            assertThat(gauges)
                    .containsEntry(name + "_loss", report.metrics().loss())
                    .containsEntry(name + "_accuracy", report.metrics().accuracy())
                    .containsEntry(
                            name + "_steps_per_second",
                            (report.metrics().toStep() - report.metrics().fromStep()) / trained)
                    .containsEntry(name + "_gpu", -1.0);
        });
    }

    @Test
    void jmxSeesTheSupernets() throws Exception {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        ObjectName accuracy =
                new ObjectName("metrics:name=nightly.driver.plugin.*.SupernetMetrics.supernet-1.accuracy,type=gauges");

        assertThat(beans.queryNames(accuracy, null)).singleElement().satisfies(found -> assertThat(
                        (double) beans.getAttribute(found, "Value"))
                .isBetween(0.0, 1.0));
    }

    @Test
    void secretsOfSettingsAreInNoFileOfTheRun() throws IOException {
        assertThat(spark.sparkContext().hadoopConfiguration().get("fs.s3a.secret.key"))
                .isEqualTo(SECRET);
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> written = files.filter(Files::isRegularFile).toList();

            assertThat(written).hasSizeGreaterThan(10).allSatisfy(file -> assertThat(
                            Files.readString(file, StandardCharsets.ISO_8859_1))
                    .doesNotContain(SECRET));
        }
    }

    /** As in the names of Prometheus. */
    private static String name(String node) {
        return "supernet_" + node;
    }

    private static String get(String path) throws IOException, InterruptedException {
        URI uri = URI.create(spark.sparkContext().uiWebUrl().get() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }
}
