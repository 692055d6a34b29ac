package io.efsnas.driver.retrain.gradients;

import io.efsnas.driver.process.UserMistake;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The network of some hosts, by which each of them finds which of its addresses the others use. */
final class CommonNetwork {

    private static final int LONGEST_PREFIX = 24; // DL4J makes it of longer ones
    private static final int SHORTEST_PREFIX = 8; // with a shorter one every address would do

    private CommonNetwork() {}

    /**
     * The smallest IPv4 network that DL4J takes and that has all hosts, such as {@code 10.0.4.0/22}.
     *
     * @throws UserMistake if there is none
     */
    static String of(Collection<String> hosts) {
        List<Integer> addresses = new ArrayList<>();
        for (String host : hosts) {
            addresses.add(ByteBuffer.wrap(address(host).getAddress()).getInt());
        }
        for (int prefix = LONGEST_PREFIX; prefix >= SHORTEST_PREFIX; prefix--) {
            int hostBits = -1 >>> prefix;
            int network = addresses.get(0) & ~hostBits;
            // The first and the last address of a network are nobody's.
            if (addresses.stream()
                    .allMatch(address -> (address & ~hostBits) == network
                            && (address & hostBits) != 0
                            && (address & hostBits) != hostBits)) {
                return "%d.%d.%d.0/%d".formatted(network >>> 24, network >>> 16 & 0xff, network >>> 8 & 0xff, prefix);
            }
        }
        throw new UserMistake("retrain.mode: gradient-sharing needs the driver and the executors in one"
                + " IPv4 network, which " + String.join(", ", hosts) + " are not in; expected parameter-averaging");
    }

    /** Resolves a host as the driver sees it. */
    static InetAddress address(String host) {
        try {
            if (InetAddress.getByName(host) instanceof Inet4Address address) {
                return address;
            }
        } catch (UnknownHostException e) {
            throw new UserMistake(unusable(host), e);
        }
        throw new UserMistake(unusable(host));
    }

    private static String unusable(String host) {
        return "retrain.mode: gradient-sharing needs IPv4 addresses, and " + host + " has none; expected"
                + " parameter-averaging";
    }
}
