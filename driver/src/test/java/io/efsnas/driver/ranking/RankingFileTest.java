package io.efsnas.driver.ranking;

import static io.efsnas.driver.ranking.Subnets.CONV_1X1;
import static io.efsnas.driver.ranking.Subnets.CONV_3X3;
import static io.efsnas.driver.ranking.Subnets.POOL;
import static io.efsnas.driver.ranking.Subnets.SKIP;
import static io.efsnas.driver.ranking.Subnets.SPACE;
import static io.efsnas.driver.ranking.Subnets.ranking;
import static io.efsnas.driver.ranking.Subnets.scored;
import static io.efsnas.driver.ranking.Subnets.subnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.efsnas.driver.process.UserMistake;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankingFileTest {

    private static final String HEADER = "rank,architecture,node,accuracy,loss,nonlinearities,flops,parameters,score";
    /** Numbers that are not equal to themselves when written with fewer digits. */
    private static final Ranking RANKING = ranking(List.of(
            scored(subnet(SPACE.parse(CONV_3X3), "1", 1, 0.1 + 0.2, 1 / 3.0, 220_119_680, 1_531_546), 0.75),
            scored(subnet(SPACE.parse(SKIP), "0", 0, Math.nextUp(0.1), Double.MIN_VALUE, 5_000_000_000L, 7), 0.5),
            scored(subnet(SPACE.parse(POOL), "0", 0, 0, Double.NaN, 1, 0), -2.5)));

    private static SparkSession spark;

    @TempDir
    private java.nio.file.Path directory;

    private FileSystem files;
    private Path csv;

    @BeforeAll
    static void startSpark() {
        spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", false)
                .getOrCreate();
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @BeforeEach
    void locate() throws IOException {
        files = FileSystem.getLocal(new Configuration());
        csv = new Path(directory.toUri().toString(), "ranking.csv");
    }

    @Test
    void csvHasTheColumnsAndTheBestFirst() throws IOException {
        RankingFile.writeCsv(files, csv, RANKING);

        assertThat(Files.readAllLines(directory.resolve("ranking.csv")))
                .containsExactly(
                        HEADER,
                        "1," + CONV_3X3 + ",1,0.30000000000000004,0.3333333333333333,1,220119680,1531546,0.75",
                        "2," + SKIP + ",0,0.10000000000000002,4.9E-324,0,5000000000,7,0.5",
                        "3," + POOL + ",0,0,,0,1,0,-2.5");
    }

    @Test
    void csvGivesBackTheSameDoubles() {
        RankingFile.writeCsv(files, csv, RANKING);

        assertThat(RankingFile.readCsv(files, csv, SPACE).subnets()).isEqualTo(RANKING.subnets());
    }

    /** As where the measure that ranks came to no number. */
    @Test
    void csvGivesBackScoresOfMinusInfinity() throws IOException {
        Ranking diverged = ranking(List.of(
                scored(RANKING.subnets().get(1), Double.NEGATIVE_INFINITY),
                RANKING.subnets().get(2)));

        RankingFile.writeCsv(files, csv, diverged);

        assertThat(Files.readAllLines(directory.resolve("ranking.csv")).get(2)).endsWith("5000000000,7,");
        assertThat(RankingFile.readCsv(files, csv, SPACE).subnets()).isEqualTo(diverged.subnets());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "2,|what|,0,0.5,1,0,1,1,1; '|what|' is not an architecture",
                "2," + CONV_1X1 + ",0,half,1,0,1,1,1; accuracy must be a number, not 'half'",
                "2," + CONV_1X1 + ",0,0.5,1,0,many,1,1; flops must be a number, not 'many'",
                "2," + CONV_1X1 + ",0,0.5,1,0,1,1,NaN; score must be a number, not NaN",
            })
    void malformedRowIsNamedByFileAndLine(String row, String message) throws IOException {
        Files.writeString(
                directory.resolve("ranking.csv"), HEADER + "\n1," + SKIP + ",0,0.5,1,0,1,1,0.5\n" + row + "\n");

        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> RankingFile.readCsv(files, csv, SPACE))
                .withMessageStartingWith(csv + ", line 3: " + message);
    }

    @Test
    void parquetHasTheSameRowsInOneFile() throws IOException {
        Path parquet = new Path(directory.toUri().toString(), "ranking.parquet");
        RankingFile.writeParquet(spark, parquet, ranking(List.of(subnet(POOL, 0.5, 1, 1, 1))));

        RankingFile.writeParquet(spark, parquet, RANKING);

        var read = spark.read().parquet(parquet.toString());
        assertThat(read.columns()).containsExactly(HEADER.split(","));
        assertThat(read.collectAsList())
                .containsExactly(
                        RowFactory.create(1, CONV_3X3, "1", 0.1 + 0.2, 1 / 3.0, 1.0, 220_119_680.0, 1_531_546.0, 0.75),
                        RowFactory.create(2, SKIP, "0", Math.nextUp(0.1), Double.MIN_VALUE, 0.0, 5e9, 7.0, 0.5),
                        RowFactory.create(3, POOL, "0", 0.0, null, 0.0, 1.0, 0.0, -2.5));
        assertThat(Arrays.stream(files.listStatus(parquet.getParent()))
                        .map(file -> file.getPath().getName())
                        .collect(Collectors.toList()))
                .containsExactly("ranking.parquet");
    }
}
