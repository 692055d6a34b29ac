package io.efsnas.driver.livy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.storage.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.StreamSupport;

/**
 * A Livy server, spoken to by its REST API. All methods but the constructor throw an {@link UserMistake} of
 * one line with the server's words if it refuses a request, and an {@link UncheckedIOException} of one line if it cannot
 * be reached or does not answer as Livy does.
 */
public final class LivyServer {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    /** More lines than any server is set up to keep of a batch. */
    private static final int ALL_LINES = 1_000_000;

    private final String url;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    /**
     * @param url such as {@code http://host:8998}
     * @throws UserMistake if it is not of http or https
     */
    public LivyServer(String url) {
        if (!url.matches("https?://[^/].*")) {
            throw new UserMistake(
                    "the Livy server " + url + " is not accepted; expected a URL such as http://host:8998");
        }
        this.url = url.replaceFirst("/+$", "");
    }

    /** Submits a batch, and gives its number. */
    public int submit(JsonNode request) {
        JsonNode id = send("POST", "/batches", BodyPublishers.ofString(request.toString()))
                .path("id");
        if (!id.isInt()) {
            throw new UncheckedIOException(
                    url + "/batches does not answer as a Livy server does", new IOException("no number of a batch"));
        }
        return id.asInt();
    }

    /** Livy's word for how far a batch is. */
    public BatchState state(int batch) {
        return new BatchState(get(path(batch) + "/state").path("state").asText());
    }

    /** What the server still has of a batch's log. */
    public BatchLog log(int batch) {
        JsonNode lines = get(path(batch) + "/log?from=0&size=" + ALL_LINES).path("log");
        return BatchLog.of(StreamSupport.stream(lines.spliterator(), false)
                .map(JsonNode::asText)
                .toList());
    }

    /** Ends a batch: its driver gets a SIGTERM, or YARN ends it. */
    public void kill(int batch) {
        send("DELETE", path(batch), BodyPublishers.noBody());
    }

    /** Where a batch is told of, for messages. */
    public String describe(int batch) {
        return url + path(batch);
    }

    private static String path(int batch) {
        return "/batches/" + batch;
    }

    private JsonNode get(String path) {
        return send("GET", path, BodyPublishers.noBody());
    }

    private JsonNode send(String method, String path, HttpRequest.BodyPublisher body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .method(method, body)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("X-Requested-By", "efsnas") // wanted by servers that protect themselves against CSRF
                .build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            boolean refused = response.statusCode() < 200 || response.statusCode() >= 300;
            if (refused) {
                throw new UserMistake("Livy at " + url + " refuses " + method + " " + path + " with status "
                        + response.statusCode() + reason(response.body()));
            }
            return Json.MAPPER.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(url + path + " does not answer as a Livy server does", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot reach Livy at " + url + ": " + reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for Livy at " + url, e);
        }
    }

    /** What a refusal says, such as {@code : the session is gone}; empty if nothing. */
    private static String reason(String body) {
        String text = body;
        try {
            text = Json.MAPPER.readTree(body).path("msg").asText(body);
        } catch (JsonProcessingException e) {
            // It is no JSON, as of a proxy.
        }
        return text.lines().findFirst().map(line -> ": " + line).orElse("");
    }

    /** Java's HTTP client gives refused connections no message. */
    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
