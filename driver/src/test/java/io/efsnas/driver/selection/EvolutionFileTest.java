package io.efsnas.driver.selection;

import static io.efsnas.driver.ranking.Subnets.subnet;
import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.space.SearchSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvolutionFileTest {

    private static final SearchSpace SPACE = new NasBench201Space();
    private static final String SKIP = "|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|";
    private static final String POOL = "|none~0|+|none~0|none~1|+|avg_pool_3x3~0|none~1|none~2|";
    private static final String HEADER =
            "generation,architecture,origin,node,accuracy,loss,nonlinearities,flops,parameters";
    /** Numbers that are not equal to themselves when written with fewer digits. */
    private static final List<Individual> INDIVIDUALS = List.of(
            new Individual(
                    1,
                    Origin.RANDOM,
                    subnet(SPACE.parse(SKIP), "1", 0, 0.1 + 0.2, 1 / 3.0, 5_000_000_000L, 7)
                            .measured()),
            new Individual(
                    2,
                    Origin.MUTATION,
                    subnet(SPACE.parse(POOL), "0", 2, 0, Double.NaN, 1, 0).measured()));

    @TempDir
    private java.nio.file.Path directory;

    private FileSystem files;
    private Path csv;

    @BeforeEach
    void locate() throws IOException {
        files = FileSystem.getLocal(new Configuration());
        csv = new Path(directory.toUri().toString(), "evolution.csv");
    }

    @Test
    void hasARowForEachIndividual() throws IOException {
        EvolutionFile.write(files, csv, INDIVIDUALS, SPACE);

        assertThat(Files.readAllLines(directory.resolve("evolution.csv")))
                .containsExactly(
                        HEADER,
                        "1," + SKIP + ",random,1,0.30000000000000004,0.3333333333333333,0,5000000000,7",
                        "2," + POOL + ",mutation,0,0,,2,1,0");
    }
}
