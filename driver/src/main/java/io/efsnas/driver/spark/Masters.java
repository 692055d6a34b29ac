package io.efsnas.driver.spark;

import io.efsnas.driver.process.UserMistake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/** Looks at a Spark master before Spark does, which takes a minute and many lines to say that there is none. */
final class Masters {

    private static final Pattern KNOWN =
            Pattern.compile("local|local\\[.*]|local-cluster\\[.*]|yarn|k8s://.+|mesos://.+|spark://.+");
    private static final Pattern THREADS = Pattern.compile("local\\[(.*)]");
    private static final Pattern HOST = Pattern.compile("([^,:/]+):(\\d{1,5})");
    private static final int CONNECT_MILLIS = 5000;

    private Masters() {}

    /**
     * Makes sure that Spark can be started on a master.
     *
     * @throws UserMistake naming the option if Spark does not know the master
     * @throws UncheckedIOException naming it if none answers at its address
     */
    static void require(SparkConf conf) {
        String master = conf.get("spark.master");
        Matcher threads = THREADS.matcher(master);
        if (!KNOWN.matcher(master).matches()
                || (threads.matches()
                        && !threads.group(1).matches("\\*|[1-9]\\d{0,4}" + "|(\\*|[1-9]\\d{0,4}), *[1-9]\\d{0,4}"))) {
            throw new UserMistake("--master " + (master.isBlank() ? "is empty" : master + " is not accepted")
                    + "; expected local[N] or local[*], spark://host:port, yarn or k8s://https://host:port");
        }
        if (master.startsWith("spark://")) {
            requireStandalone(master);
        }
    }

    private static void requireStandalone(String master) {
        List<String> addresses = List.of(master.substring("spark://".length()).split(","));
        IOException reason = null;
        for (String address : addresses) {
            Matcher host = HOST.matcher(address);
            if (!host.matches()) {
                throw new UserMistake("--master " + master
                        + " is not accepted; expected spark://host:port, such as spark://host:7077");
            }
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(host.group(1), Integer.parseInt(host.group(2))), CONNECT_MILLIS);
                return;
            } catch (UnknownHostException e) {
                reason = new IOException("there is no host " + host.group(1), e);
            } catch (IOException | IllegalArgumentException e) { // the latter of a port above 65535
                reason = new IOException(e.getMessage(), e);
            }
        }
        throw new UncheckedIOException(
                "--master " + master + ": no Spark master answers there: " + reason.getMessage(), reason);
    }
}
