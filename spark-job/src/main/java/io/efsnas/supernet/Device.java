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

    @Override
    public String toString() {
        return gpu.map(address -> "gpu:" + address).orElse("cpu");
    }
}
