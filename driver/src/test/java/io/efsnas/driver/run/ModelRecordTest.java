package io.efsnas.driver.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.data.Normalization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRecordTest {

    @TempDir
    private Path directory;

    @Test
    void whatEarlierVersionsWroteIsReadAndWrittenInTodaysNames() throws IOException {
        Path file = directory.resolve("model.json");
        Files.writeString(
                file,
                """
                {
                  "architecture": "a", "input_shape": [1, 28, 28],
                  "normalization": {"mean": [0.25], "deviation": [0.5]},
                  "class_names": ["shirt", "boot"], "test_accuracy": 0.875, "test_images": 8, "training_images": 16,
                  "epochs": 2, "seconds": 3.5, "flops": 40, "parameters": 30, "live_flops": 20, "live_parameters": 10,
                  "engine": "dl4j", "workers": 2, "mode": "parameter-averaging", "history": [],
                  "produced_by": {"seed": 7, "config": {}, "data": {"fingerprint": "3c"}, "versions": {"efsnas": "1"}}
                }
                """);
        RunDirectory run = new RunDirectory(directory.toString(), new Configuration());

        ModelRecord model = run.model().orElseThrow();

        assertThat(model.inputShape()).containsExactly(1, 28, 28);
        assertThat(model.normalization()).isEqualTo(new Normalization(List.of(0.25), List.of(0.5)));
        assertThat(model.classNames()).containsExactly("shirt", "boot");
        assertThat(model.testAccuracy()).isEqualTo(0.875);
        assertThat(model.testImages()).isEqualTo(8);
        assertThat(model.trainingImages()).isEqualTo(16);
        assertThat(model.liveFlops()).isEqualTo(20);
        assertThat(model.liveParameters()).isEqualTo(10);
        assertThat(model.producedBy().seed()).isEqualTo(7);

        run.write(model);

        assertThat(run.model()).contains(model);
        assertThat(Files.readString(file))
                .contains("\"inputShape\"", "\"producedBy\"")
                .doesNotContain("_");
    }
}
