package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.tracking.MlflowOfTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole search that an MLflow server is told of, and goes on being told of when it resumes. */
class MlflowIT {

    @TempDir
    private Path directory;

    @Test
    void aSearchIsARunWithCurvesResultsReportAndModel() throws IOException {
        try (MlflowOfTests server = new MlflowOfTests()) {
            Path config = TinySearch.settings()
                    .with("retrain", "{ enabled = true, epochs = 1, batch = 32 }")
                    .with("tracking", "{ mlflow = \"" + server.url() + "\", experiment = tiny }")
                    .writeTo(directory);
            Path run = directory.resolve("run");

            CommandRun.search(config, run).succeeded();
            CommandRun.search(config, run).succeeded();

            MlflowOfTests.Run posted = server.run();
            assertThat(server.violations).isEmpty();
            assertThat(server.experiments).containsOnlyKeys("tiny");
            assertThat(posted.parameters).containsEntry("training.steps", "6").containsEntry("seed", "7");
            assertThat(posted.metrics)
                    .containsKeys(
                            "supernet-root/loss",
                            "supernet-0/accuracy",
                            "supernet-2/learning-rate",
                            "model/test-accuracy",
                            "test-accuracy",
                            "selected/accuracy");
            assertThat(posted.metrics.get("supernet-2/loss")).hasSize(1);
            assertThat(posted.artifacts).containsKeys("report.html", "ranking.csv", "model.safetensors", "model.json");
            assertThat(posted.artifacts.get("model.safetensors"))
                    .isEqualTo(Files.readAllBytes(run.resolve("model.safetensors")));
            assertThat(posted.status).isEqualTo("FINISHED");
        }
    }
}
