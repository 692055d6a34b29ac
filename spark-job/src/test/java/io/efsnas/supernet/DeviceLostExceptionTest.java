package io.efsnas.supernet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceLostExceptionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA error: an illegal memory access was encountered",
                "CUDA error: uncorrectable ECC error encountered",
                "CUDA error: uncorrectable NVLink error detected during the execution",
                "CUDA error: device-side assert triggered",
                "CUDA error: the launch timed out and was terminated",
                "CUDA error: unspecified launch failure",
                "CUDA error: misaligned address",
                "CUDA error: unknown error",
                "CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm(handle, ...)`",
                "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED_CUDA_DRIVER",
                "cudaStreamSynchronize failed; Error code: [700]",
                "CUDA error: 719",
                "cuCtxSynchronize returned error code 214",
            })
    void anErrorThatNoOtherCallSurvivesIsALoss(String message) {
        RuntimeException failure = new IllegalStateException(message);

        assertThat(DeviceLostException.explained(failure, "GPU 1"))
                .isInstanceOf(DeviceLostException.class)
                .hasMessage("GPU 1 is lost: " + message)
                .hasCause(failure);
    }

    @Test
    void theLineThatNamesTheErrorIsTheMessage() {
        RuntimeException failure = new IllegalStateException(
                """
                The following operation failed in the TorchScript interpreter.
                  CUDA error: an illegal memory access was encountered
                CUDA kernel errors might be asynchronously reported at some other API call.
                """);

        assertThat(DeviceLostException.explained(failure, "GPU 0"))
                .hasMessage("GPU 0 is lost: CUDA error: an illegal memory access was encountered");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA out of memory. Tried to allocate 20.00 MiB.",
                "CUDA error: out of memory",
                """
                CUDA error: no kernel image is available for execution on the device
                CUDA kernel errors might be asynchronously reported at some other API call.
                Compile with `TORCH_USE_CUDA_DSA` to enable device-side assertions.
                """,
                "CUDA error: invalid device ordinal",
                "Expected 700 images, not 719",
                "out of range: error 7001",
            })
    void anotherFailureStaysAsItIs(String message) {
        RuntimeException failure = new IllegalStateException(message);

        assertThat(DeviceLostException.explained(failure, "GPU 0")).isSameAs(failure);
    }

    @Test
    void aFailureWithoutAMessageStaysAsItIs() {
        RuntimeException failure = new NullPointerException();

        assertThat(DeviceLostException.explained(failure, "GPU 0")).isSameAs(failure);
    }
}
