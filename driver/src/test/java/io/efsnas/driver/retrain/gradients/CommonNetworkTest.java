package io.efsnas.driver.retrain.gradients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.efsnas.driver.process.UserMistake;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;

class CommonNetworkTest {

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    127.0.0.1                             | 127.0.0.0/24
                    192.168.1.70, 192.168.1.201           | 192.168.1.0/24
                    10.244.1.7, 10.244.2.9                | 10.244.0.0/22
                    10.0.0.7, 10.0.1.255                  | 10.0.0.0/22
                    10.0.1.0, 10.0.1.9                    | 10.0.0.0/23
                    172.16.0.2, 172.31.4.4, 172.17.250.20 | 172.16.0.0/12
                    223.255.0.4, 223.0.0.4                | 223.0.0.0/8
                    """,
            delimiter = '|')
    void isTheSmallestThatDl4jLeavesAsItIs(String hosts, String network) {
        assertThat(CommonNetwork.of(List.of(hosts.split(", ")))).isEqualTo(network);
        assertThat(VoidConfiguration.builder().networkMask(network).build().getNetworkMask())
                .isEqualTo(network);
    }

    @Test
    void refusesHostsThatAreInNone() {
        assertThatThrownBy(() -> CommonNetwork.of(List.of("10.0.0.1", "192.168.0.1")))
                .isInstanceOf(UserMistake.class)
                .hasMessage(
                        "retrain.mode: gradient-sharing needs the driver and the executors in one IPv4 network, which"
                                + " 10.0.0.1, 192.168.0.1 are not in; expected parameter-averaging");
    }

    @Test
    void refusesHostsWithoutAnAddressOfIpv4() {
        assertThatThrownBy(() -> CommonNetwork.of(List.of("10.0.0.1", "::1")))
                .isInstanceOf(UserMistake.class)
                .hasMessage("retrain.mode: gradient-sharing needs IPv4 addresses, and ::1 has none; expected"
                        + " parameter-averaging");
    }
}
