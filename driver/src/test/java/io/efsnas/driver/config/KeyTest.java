package io.efsnas.driver.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.data.format.ImageFormat;
import io.efsnas.supernet.Precision;
import org.junit.jupiter.api.Test;

class KeyTest {

    @Test
    void keysAreInLowerCaseWithHyphens() {
        assertThat(Key.of(SharingConfig.Mode.WARM_START)).isEqualTo("warm-start");
        assertThat(Key.of(RetrainConfig.Engine.DL4J)).isEqualTo("dl4j");
    }

    @Test
    void theExecutorsCallTheirsTheSame() {
        assertThat(Precision.values())
                .allSatisfy(precision -> assertThat(Key.of(precision)).isEqualTo(precision.key()));
        assertThat(ImageFormat.values())
                .allSatisfy(format -> assertThat(Key.of(format)).isEqualTo(format.toString()));
    }
}
