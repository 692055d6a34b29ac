package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the launcher says of its environment before it starts Java. */
class LauncherTest {

    private static final Path LAUNCHER = Path.of("../deploy/efsnas").toAbsolutePath();

    @ParameterizedTest
    @CsvSource({
        "EFSNAS_MEMORY, lots, 'EFSNAS_MEMORY=lots is not accepted; expected the size of a heap, such as 4g or 800m'",
        "EFSNAS_MEMORY, 0g, 'EFSNAS_MEMORY=0g is not accepted; expected the size of a heap, such as 4g or 800m'",
        "JAVA_HOME, /nonexistent, 'JAVA_HOME=/nonexistent has no bin/java; expected the folder of a JDK 17'",
        "HADOOP_CONF_DIR, /nonexistent, 'HADOOP_CONF_DIR=/nonexistent is not a folder'",
        "SPARK_HOME, /nonexistent, 'SPARK_HOME=/nonexistent has no bin/spark-submit; expected the folder of a Spark 3.5'"
    })
    void mistakesInTheEnvironment(String variable, String value, String line) throws Exception {
        ProcessBuilder launcher = new ProcessBuilder(LAUNCHER.toString(), "search", "--master", "spark://localhost:1")
                .redirectErrorStream(true);
        launcher.environment().put(variable, value);
        Process process = launcher.start();

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("efsnas: " + line + "\n");
        assertThat(process.waitFor()).isEqualTo(2);
    }
}
