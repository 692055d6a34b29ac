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
        return resources(Precision.FLOAT32);
    }

    public static Resources resources(Precision precision) {
        return new Resources(1, isGpu() ? Device.gpu(GPU) : Device.CPU, 1, precision);
    }
}
