package io.efsnas.supernet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryShareTest {

    private static final long MEBIBYTE = 1 << 20;
    private static final String LOWER =
            "; lower training.batch, scoring.batch or supernet.channels, or let fewer supernets share the device by"
                    + " cluster.gpus-per-supernet";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 79.1 GiB",
                "CUDA error: out of memory",
                "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
                "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
                "[enforce fail at alloc_cpu.cpp:124] err == 0. DefaultCPUAllocator: can't allocate memory",
            })
    void knowsThatNoMemoryWasLeft(String message) {
        assertThat(MemoryShare.isExhaustion(new IllegalStateException(message))).isTrue();
    }

    @Test
    void knowsOtherFailures() {
        assertThat(MemoryShare.isExhaustion(new IllegalStateException("CUDA error: misaligned address")))
                .isFalse();
        assertThat(MemoryShare.isExhaustion(new NullPointerException())).isFalse();
    }

    @Test
    void whoTakesMoreThanTheShareIsToldItAndWhatToLower() {
        MemoryShare share = new MemoryShare(3 * MEBIBYTE, "the memory of GPU 0");
        share.take(2 * MEBIBYTE);
        share.giveBack(MEBIBYTE);
        share.take(2 * MEBIBYTE);

        assertThatIllegalStateException()
                .isThrownBy(() -> share.take(1))
                .withMessage("the supernet needs more than its share of the memory of GPU 0, 3 MiB" + LOWER);
    }

    @Test
    void whoFindsTheDeviceFullIsToldTheShareAndWhatToLower() {
        RuntimeException failure = new IllegalStateException("CUDA out of memory. Tried to allocate\nmany bytes");
        MemoryShare share = new MemoryShare(3 * MEBIBYTE, "the memory of GPU 0");
        share.take(2 * MEBIBYTE);

        assertThat(share.exhausted(failure))
                .hasMessage("the memory of GPU 0 is full, of which the supernet has 2 of its share of 3 MiB" + LOWER)
                .hasCause(failure);
        assertThat(MemoryShare.noneLeft("the memory of GPU 0", 0.25, failure))
                .hasMessage("the memory of GPU 0 is full before the supernet has any of its share of 25 %" + LOWER)
                .hasCause(failure);
    }
}
