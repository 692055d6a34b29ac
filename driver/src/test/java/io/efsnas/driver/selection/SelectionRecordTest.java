package io.efsnas.driver.selection;

import static io.efsnas.driver.ranking.Subnets.CONV_3X3;
import static io.efsnas.driver.ranking.Subnets.POOL;
import static io.efsnas.driver.ranking.Subnets.SKIP;
import static io.efsnas.driver.ranking.Subnets.SPACE;
import static io.efsnas.driver.ranking.Subnets.ranking;
import static io.efsnas.driver.ranking.Subnets.subnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.driver.ranking.Ranking;
import io.efsnas.driver.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectionRecordTest {

    @TempDir
    private Path directory;

    @Test
    void holdsTheSelectionAndItsReasons() throws IOException {
        Ranking ranking = new Ranking(
                SPACE,
                List.of(subnet(CONV_3X3, 0.75, 0.5, 90, 9), subnet(POOL, 0.5, 1, 40, 2), subnet(SKIP, 0.375, 2, 10, 1)),
                Map.of("accuracy", 1.0),
                "ranked by a test");
        Limits limits = new Limits(new TreeMap<>(Map.of("flops", 60L)));

        assertThat(written(Selection.from(ranking, limits, 8)))
                .isEqualTo(new ObjectMapper()
                        .readTree(
                                """
                {
                  "architecture": "%s",
                  "node": "0", "score": 0.5, "rank": 2, "ranked": 3, "images": 8,
                  "measures": {
                    "accuracy": 0.5, "loss": 1.0, "nonlinearities": 1.0, "flops": 40.0, "parameters": 2.0
                  },
                  "rankedBy": {"rule": "accuracy", "sentence": "ranked by a test", "shares": {"accuracy": 1.0}},
                  "limits": {"flops": 60},
                  "rankedHigherButOverLimit": {"flops": 1},
                  "runnerUp": {
                    "architecture": "%s",
                    "node": "0", "score": 0.375,
                    "measures": {
                      "accuracy": 0.375, "loss": 2.0, "nonlinearities": 1.0, "flops": 10.0, "parameters": 1.0
                    },
                    "margin": 0.125, "toldApart": false
                  },
                  "reasons": [
                    "ranked 2 of 3, with accuracy 0.5000 and loss 1.0000",
                    "ranked by a test",
                    "1 ranked higher exceed the limit of 60 FLOPs",
                    "preferred to the runner-up %s by a score of 0.5000 over 0.3750",
                    "the two cannot be told apart by 8 images: accuracy 0.2152 to 0.7848 and 0.1368 to 0.6943 (95 %% confidence)"
                  ]
                }
                """
                                        .formatted(POOL, SKIP, SKIP)));
    }

    @Test
    void hasNoRunnerUpWhereThereIsNone() throws IOException {
        Ranking ranking = ranking(List.of(subnet(SKIP, 0.375, 2, 10, 1)));

        JsonNode json = written(Selection.from(ranking, Limits.NONE, 8));

        assertThat(json.has("runnerUp")).isFalse();
        assertThat(json.get("limits")).isEmpty();
    }

    private JsonNode written(Selection selection) throws IOException {
        RunDirectory run = new RunDirectory(directory.toString(), new Configuration());
        run.write(selection.toRecord(SPACE, "accuracy"));
        assertThat(run.selection()).contains(selection.toRecord(SPACE, "accuracy"));
        return new ObjectMapper().readTree(directory.resolve("selection.json").toFile());
    }
}
