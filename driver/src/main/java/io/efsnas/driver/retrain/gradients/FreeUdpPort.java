package io.efsnas.driver.retrain.gradients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import org.nd4j.parameterserver.distributed.v2.transport.PortSupplier;

/**
 * A UDP port of each process, chosen by its operating system. With the port that DL4J has for all processes, those on one
 * host would take each other for themselves: an executor beside the driver would train alone, without a word.
 */
final class FreeUdpPort implements PortSupplier {

    private static final long serialVersionUID = 1;
    private static final int PORT = choose();

    private static int choose() {
        try (DatagramSocket socket = new DatagramSocket()) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("gradient sharing finds no free UDP port: " + e.getMessage(), e);
        }
    }

    /** The same at each call in a process, as DL4J asks several times for what it binds once. */
    @Override
    public int getPort() {
        return PORT;
    }
}
