package io.efsnas.supernet.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

final class Nd4jEngineTest {

    @Test
    void isFoundByName() {
        assertThat(Engine.named("nd4j")).isInstanceOf(Nd4jEngine.class);
    }

    @Test
    void describesTheVersionOnTheClassPath() throws Exception {
        Path jar = Path.of(
                Nd4j.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String version =
                jar.getFileName().toString().replaceFirst("nd4j-api-", "").replaceFirst("\\.jar$", "");
        assertThat(new Nd4jEngine().description(Device.CPU)).startsWith("nd4j " + version + " linux");
    }

    @Test
    void bitsDependOnTheNativesAndTheThreads() {
        Nd4jEngine engine = new Nd4jEngine();

        assertThat(engine.repeats(engine.description(Device.CPU), 2, Device.CPU, 2))
                .isTrue();
        assertThat(engine.repeats(engine.description(Device.CPU), 1, Device.CPU, 2))
                .isFalse();
        assertThat(engine.repeats(engine.description(Device.CPU) + "-other", 2, Device.CPU, 2))
                .isFalse();
    }
}
