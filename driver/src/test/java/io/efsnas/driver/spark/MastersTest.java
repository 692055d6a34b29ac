package io.efsnas.driver.spark;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.efsnas.driver.process.UserMistake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MastersTest {

    private static void require(String master) {
        Masters.require(new SparkConf(false).set("spark.master", master));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "local[*]", "local[2]", "local[2,3]", "yarn", "k8s://https://host:443"})
    void mastersThatSparkKnows(String master) {
        assertThatCode(() -> require(master)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "nonsense", "local[x]", "local[0]", "LOCAL", "spark://host", "spark://:7077", "spark://"
            })
    void mastersThatItDoesNot(String master) {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> require(master))
                .withMessageStartingWith("--master ")
                .withMessageContaining("expected ");
    }

    @Test
    void aStandaloneMasterHasToAnswer() throws IOException {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
            require("spark://localhost:" + port);
            require("spark://nowhere.invalid:7077,localhost:" + port);
        }
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> require("spark://localhost:" + port))
                .withMessageStartingWith("--master spark://localhost:" + port + ": no Spark master answers there: ");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> require("spark://nowhere.invalid:7077"))
                .withMessageEndingWith("there is no host nowhere.invalid");
    }
}
