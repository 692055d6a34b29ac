package io.efsnas.driver.livy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpServer;
import io.efsnas.driver.process.UserMistake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of answers that a real server cannot be brought to give at will; {@code LivyIT} has the real one. */
class LivyServerTest {

    private HttpServer answering;
    private LivyServer server;

    @BeforeEach
    void start() throws IOException {
        answering = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answering.start();
        server = new LivyServer("http://localhost:" + answering.getAddress().getPort() + "/");
    }

    @AfterEach
    void stop() {
        answering.stop(0);
    }

    private void answer(int status, String body) {
        answering.createContext("/batches", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @Test
    void refusalIsToldInTheServersWords() {
        answer(400, "{\"msg\": \"requirement failed: Local path /x.jar cannot be added to user sessions.\"}");

        assertThatThrownBy(() -> server.submit(JsonNodeFactory.instance.objectNode()))
                .isInstanceOf(UserMistake.class)
                .hasMessageMatching("Livy at http://localhost:\\d+ refuses POST /batches with status 400:"
                        + " requirement failed: Local path /x.jar cannot be added to user sessions.");
    }

    @ParameterizedTest
    @CsvSource({"302, ''", "401, ''", "503, <html>"})
    void answersOfOthersAreNoBatches(int status, String body) {
        answer(status, body);

        assertThatThrownBy(() -> server.submit(JsonNodeFactory.instance.objectNode()))
                .isInstanceOf(UserMistake.class)
                .hasMessageMatching("Livy at http://localhost:\\d+ refuses POST /batches with status " + status
                        + (body.isEmpty() ? "" : ": " + body));
    }

    @Test
    void anAnswerWithoutANumberIsNotBatchZero() {
        answer(200, "{\"status\": \"ok\"}");

        assertThatThrownBy(() -> server.submit(JsonNodeFactory.instance.objectNode()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageMatching("http://localhost:\\d+/batches does not answer as a Livy server does");
    }

    @Test
    void otherServerIsToldFromLivy() {
        answer(200, "<html>");

        assertThatThrownBy(() -> server.state(3))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageMatching("http://localhost:\\d+/batches/3/state does not answer as a Livy server does");
    }

    @Test
    void serverThatIsNotThereIsNamed() {
        stop();

        assertThatThrownBy(() -> server.log(3))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageMatching("cannot reach Livy at http://localhost:\\d+: ConnectException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8998", "ftp://localhost", "http:///batches"})
    void urlIsOfHttp(String url) {
        assertThatThrownBy(() -> new LivyServer(url))
                .isInstanceOf(UserMistake.class)
                .hasMessage("the Livy server " + url + " is not accepted; expected a URL such as http://host:8998");
    }

    @ParameterizedTest
    @ValueSource(strings = {"success", "dead", "error", "killed"})
    void batchEndsInFourWays(String state) {
        assertThat(new BatchState(state).ended()).isTrue();
        assertThat(new BatchState(state).succeeded()).isEqualTo(state.equals("success"));
        assertThat(new BatchState("running").ended()).isFalse();
    }
}
