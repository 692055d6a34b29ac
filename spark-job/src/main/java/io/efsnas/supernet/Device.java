package io.efsnas.supernet;

import java.util.Optional;

/**
 * Where a supernet computes.
 *
 * @param gpu the address of the GPU that the cluster assigned, such as {@code 0}; empty on a machine without
 */
public record Device(Optional<String> gpu) {

    public static final Device CPU = new Device(Optional.empty());

    public static Device gpu(String address) {
        return new Device(Optional.of(address));
    }

    /**
     * The number of the GPU, the first one if the cluster assigned none.
     *
     * @param gpus how many there are
     * @param library the library that sees them
     * @throws IllegalArgumentException if it is not among them
     */
    public int gpuAmong(int gpus, String library) {
        String address = gpu.orElse("0");
        if (!address.matches("\\d{1,3}") || Integer.parseInt(address) >= gpus) {
            throw new IllegalArgumentException("there is no GPU '" + address + "' here; " + library + " sees "
                    + (gpus == 0 ? "none" : "GPUs 0 to " + (gpus - 1)));
        }
        return Integer.parseInt(address);
    }

    @Override
    public String toString() {
        return gpu.map(address -> "gpu:" + address).orElse("cpu");
    }
}
