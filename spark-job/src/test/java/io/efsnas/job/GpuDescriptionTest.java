package io.efsnas.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GpuDescriptionTest {

    @Test
    void readsWhatNvidiaSmiPrints() {
        assertThat(GpuDescription.parse("NVIDIA H100 80GB HBM3, 9.0\n"))
                .contains(new GpuDescription("NVIDIA H100 80GB HBM3", 9.0));
    }

    @Test
    void isEmptyWhereNvidiaSmiCannotTell() {
        assertThat(GpuDescription.parse("")).isEmpty();
        assertThat(GpuDescription.parse("No devices were found\n")).isEmpty();
    }
}
