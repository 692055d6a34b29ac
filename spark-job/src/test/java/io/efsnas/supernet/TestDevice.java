package io.efsnas.supernet;

/**
 * Where tests of engines compute: on the CPU, or on the GPU whose number is in the property {@code efsnas.test.gpu}. Then
 * engines that serve no GPU are left out.
 */
public final class TestDevice {

    private static final String GPU = System.getProperty("efsnas.test.gpu", "");

    private TestDevice() {}

    public static boolean isGpu() {
        return !GPU.isEmpty();
    }

    /** One thread, and the GPU if there is to be one. */
    public static Resources resources() {
        return isGpu() ? new Resources(1, Device.gpu(GPU), 1, Precision.FLOAT32) : Resources.cpu(1);
    }
}
