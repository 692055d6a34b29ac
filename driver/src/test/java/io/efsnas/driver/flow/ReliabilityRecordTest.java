package io.efsnas.driver.flow;

import static io.efsnas.driver.ranking.Subnets.CONV_3X3;
import static io.efsnas.driver.ranking.Subnets.POOL;
import static io.efsnas.driver.ranking.Subnets.SKIP;
import static io.efsnas.driver.ranking.Subnets.ranking;
import static io.efsnas.driver.ranking.Subnets.subnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.ranking.Ranking;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.statistics.Proportion;
import io.efsnas.driver.statistics.SubspaceCorrelation;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReliabilityRecordTest {

    private static final Ranking RANKING =
            ranking(List.of(subnet(SKIP, 0.5, 1, 1, 1), subnet(POOL, 0.75, 1, 1, 1), subnet(CONV_3X3, 0.5, 1, 1, 1)));
    private static final SubspaceCorrelation SAME =
            SubspaceCorrelation.of(List.of("0", "0"), new double[] {1, 2}, new double[] {3, 4});
    private static final SubspaceCorrelation REVERSED =
            SubspaceCorrelation.of(List.of("0", "0"), new double[] {1, 2}, new double[] {4, 3});

    @TempDir
    private java.nio.file.Path directory;

    private RunDirectory run;

    @BeforeEach
    void locate() {
        run = new RunDirectory(directory.toString(), new Configuration());
    }

    @Test
    void holdsTheAgreementsAndAnIntervalForEachAccuracy() throws IOException {
        run.write(new Reliability(8, SAME, Optional.of(REVERSED), SAME).toRecord(RANKING));

        JsonNode json = new ObjectMapper()
                .readTree(directory.resolve("reliability.json").toFile());
        assertThat(json.path("images").asInt()).isEqualTo(8);
        assertThat(json.at("/halves/overall/kendallTau").asDouble()).isEqualTo(1);
        assertThat(json.at("/checkpoints/subspaces/0/spearmanRho").asDouble()).isEqualTo(-1);
        assertThat(json.at("/liveParameters/overall/architectures").asInt()).isEqualTo(2);
        assertThat(json.path("ofAccuracy").asDouble(-1)).isZero();
        assertThat(json.path("intervals")).hasSize(2);
        assertThat(json.at("/intervals/0/accuracy").asDouble()).isEqualTo(0.75);
        assertThat(json.at("/intervals/1/low").asDouble())
                .isEqualTo(new Proportion(4, 8).interval().getLowerBound());
        assertThat(json.at("/intervals/1/high").asDouble())
                .isEqualTo(new Proportion(4, 8).interval().getUpperBound());
        assertThat(run.reliability().orElseThrow())
                .isEqualTo(new Reliability(8, SAME, Optional.of(REVERSED), SAME).toRecord(RANKING));
    }

    @Test
    void whatIsUnknownIsAbsentOrNull() throws IOException {
        SubspaceCorrelation unknown = SubspaceCorrelation.of(List.of("0"), new double[] {1}, new double[] {1});

        run.write(new Reliability(8, unknown, Optional.empty(), SAME).toRecord(RANKING));

        JsonNode json = new ObjectMapper()
                .readTree(directory.resolve("reliability.json").toFile());
        assertThat(json.has("checkpoints")).isFalse();
        assertThat(json.path("ofAccuracy").isNull()).isTrue();
    }

    @Test
    void isReadOnlyWhereItIsWhole() throws IOException {
        assertThat(run.reliability()).isEmpty();

        run.write(new Reliability(8, SAME, Optional.empty(), SAME).toRecord(RANKING));
        java.nio.file.Path file = directory.resolve("reliability.json");
        Files.writeString(file, Files.readString(file).replace("liveParameters", "prior"));
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(run::reliability)
                .withMessageStartingWith("file:" + file + " is damaged: it has no liveParameters");
    }
}
