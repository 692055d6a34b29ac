package io.efsnas.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GpuDescriptionTest {

    @Test
    void readsWhatNvidiaSmiPrints() {
        assertThat(GpuDescription.parse("NVIDIA H100 80GB HBM3, 9.0\n", true))
                .contains(new GpuDescription("NVIDIA H100 80GB HBM3", 9.0, true));
    }

    @Test
    void isEmptyWhereNvidiaSmiCannotTell() {
        assertThat(GpuDescription.parse("", true)).isEmpty();
        assertThat(GpuDescription.parse("No devices were found\n", true)).isEmpty();
    }
}
