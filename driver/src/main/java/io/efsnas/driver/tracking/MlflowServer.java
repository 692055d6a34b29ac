package io.efsnas.driver.tracking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.efsnas.driver.storage.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.commons.lang3.StringUtils;

/** An MLflow tracking server, spoken to by version 2.0 of its REST API. Calls block. */
final class MlflowServer {

    /** A number at a moment. */
    record Metric(String key, double value, long timestamp, long step) {}

    /**
     * A run as the server has it.
     *
     * @param artifacts the URI of its artifacts
     * @param steps the last step of each metric
     */
    record Run(String id, String artifacts, Map<String, Long> steps) {}

    /** How a run goes, in MLflow's words. */
    enum Status {
        RUNNING,
        FINISHED,
        FAILED,
        KILLED
    }

    static final String NOT_THERE = "RESOURCE_DOES_NOT_EXIST";

    private static final String THERE = "RESOURCE_ALREADY_EXISTS";
    private static final String API = "/api/2.0/mlflow/";
    private static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts/";

    /** The scheme of artifacts that the server takes itself. */
    private static final String PROXIED = "mlflow-artifacts:";

    private static final Duration CONNECTING = Duration.ofSeconds(5);
    private static final Duration ANSWERING = Duration.ofSeconds(10);
    private static final Duration UPLOADING = Duration.ofMinutes(2);
    private static final int LONGEST_VALUE = 500;
    private static final int LONGEST_REASON = 200;
    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY_REQUESTS = 429;

    private final String url;
    private final Optional<String> authorization;
    private final List<String> secrets;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECTING)
            .build();

    /**
     * @param url such as {@code http://host:5000}
     * @param environment has the credentials, under the names that MLflow's own clients read
     */
    MlflowServer(String url, Map<String, String> environment) {
        this.url = url;
        String token = environment.getOrDefault("MLFLOW_TRACKING_TOKEN", "");
        String user = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
        String password = environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
        String basic = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        this.secrets = List.of(token, password, user.isEmpty() ? "" : basic).stream()
                .filter(secret -> !secret.isEmpty())
                .toList();
        this.authorization = !token.isEmpty()
                ? Optional.of("Bearer " + token)
                : Optional.of("Basic " + basic).filter(any -> !user.isEmpty());
    }

    String url() {
        return url;
    }

    /** The id of an experiment, which is made if there is none of the name. */
    String experiment(String name) throws MlflowFailure {
        try {
            return experimentOf(name);
        } catch (MlflowFailure e) {
            if (!e.is(NOT_THERE)) {
                throw e;
            }
        }
        try {
            return post("experiments/create", object().put("name", name))
                    .path("experiment_id")
                    .asText();
        } catch (MlflowFailure e) {
            if (e.is(THERE)) { // another run has made it at the same moment
                return experimentOf(name);
            }
            throw e;
        }
    }

    private String experimentOf(String name) throws MlflowFailure {
        return get("experiments/get-by-name?experiment_name=" + encoded(name))
                .path("experiment")
                .path("experiment_id")
                .asText();
    }

    /**
     * Makes a run.
     *
     * @param start milliseconds since 1970
     */
    Run create(String experiment, String name, long start, Map<String, String> tags) throws MlflowFailure {
        ObjectNode request =
                object().put("experiment_id", experiment).put("run_name", name).put("start_time", start);
        ArrayNode list = request.putArray("tags");
        tags.forEach((key, value) -> list.addObject().put("key", key).put("value", cut(value)));
        return run(post("runs/create", request));
    }

    /** A run that is there. */
    Run run(String id) throws MlflowFailure {
        return run(get("runs/get?run_id=" + encoded(id)));
    }

    private static Run run(JsonNode response) {
        JsonNode info = response.path("run").path("info");
        Map<String, Long> steps = new HashMap<>();
        response.path("run")
                .path("data")
                .path("metrics")
                .forEach(metric -> steps.put(
                        metric.path("key").asText(), metric.path("step").asLong()));
        return new Run(info.path("run_id").asText(), info.path("artifact_uri").asText(), steps);
    }

    /**
     * Says how a run goes.
     *
     * @param end milliseconds since 1970, if it has ended
     */
    void update(Run run, Status status, Optional<Long> end) throws MlflowFailure {
        ObjectNode request = object().put("run_id", run.id()).put("status", status.name());
        end.ifPresent(millis -> request.put("end_time", millis));
        post("runs/update", request);
    }

    /** Adds metrics, at most 1000. */
    void logMetrics(Run run, List<Metric> metrics) throws MlflowFailure {
        ObjectNode request = object().put("run_id", run.id());
        ArrayNode list = request.putArray("metrics");
        for (Metric metric : metrics) {
            list.addObject()
                    .put("key", metric.key())
                    .put("value", metric.value())
                    .put("timestamp", metric.timestamp())
                    .put("step", metric.step());
        }
        post("runs/log-batch", request);
    }

    /** Adds parameters, at most 100. */
    void logParameters(Run run, List<Map.Entry<String, String>> parameters) throws MlflowFailure {
        ObjectNode request = object().put("run_id", run.id());
        ArrayNode list = request.putArray("params");
        parameters.forEach(each -> list.addObject().put("key", each.getKey()).put("value", cut(each.getValue())));
        post("runs/log-batch", request);
    }

    /**
     * Adds a file to the artifacts of a run.
     *
     * @param size its length in bytes
     * @param content opens the file
     * @throws MlflowFailure also if the server does not take artifacts itself
     */
    void upload(Run run, String name, long size, Supplier<InputStream> content) throws MlflowFailure {
        if (!run.artifacts().startsWith(PROXIED)) {
            throw new MlflowFailure(
                    "it does not take artifacts itself, but has them at " + run.artifacts()
                            + "; start it with --serve-artifacts",
                    "",
                    false);
        }
        String path = URI.create(run.artifacts()).getPath().replaceFirst("^/+", "") + "/" + name;
        send(
                HttpRequest.newBuilder(URI.create(url
                                + ARTIFACTS
                                + Arrays.stream(path.split("/"))
                                        .map(MlflowServer::encoded)
                                        .collect(Collectors.joining("/"))))
                        .header("Content-Type", "application/octet-stream")
                        .timeout(UPLOADING),
                "PUT",
                size == 0
                        ? BodyPublishers.noBody()
                        : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(content), size));
    }

    private static ObjectNode object() {
        return Json.MAPPER.createObjectNode();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String cut(String value) {
        return StringUtils.truncate(value, LONGEST_VALUE);
    }

    private JsonNode get(String path) throws MlflowFailure {
        return send(
                HttpRequest.newBuilder(URI.create(url + API + path)).timeout(ANSWERING),
                "GET",
                BodyPublishers.noBody());
    }

    private JsonNode post(String path, ObjectNode body) throws MlflowFailure {
        return send(
                HttpRequest.newBuilder(URI.create(url + API + path))
                        .header("Content-Type", "application/json")
                        .timeout(ANSWERING),
                "POST",
                BodyPublishers.ofString(body.toString()));
    }

    private JsonNode send(HttpRequest.Builder request, String method, BodyPublisher body) throws MlflowFailure {
        authorization.ifPresent(value -> request.header("Authorization", value));
        HttpResponse<String> response;
        try {
            response = http.send(request.method(method, body).build(), BodyHandlers.ofString());
        } catch (IOException e) { // has no message where a connection is refused
            throw new MlflowFailure(
                    "it does not answer ("
                            + StringUtils.defaultIfEmpty(
                                    e.getMessage(), e.getClass().getSimpleName()) + ")",
                    "",
                    true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MlflowFailure("it was not waited for any longer", "", false);
        }
        int status = response.statusCode();
        JsonNode answer = json(response.body());
        if (status / 100 != 2) {
            throw new MlflowFailure(
                    "it answers with status " + status + reason(answer),
                    answer.path("error_code").asText(),
                    status >= SERVER_ERROR || status == TOO_MANY_REQUESTS);
        }
        return answer;
    }

    /** What a proxy says may be no JSON. */
    private static JsonNode json(String body) {
        try {
            return Json.MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            return object();
        }
    }

    private String reason(JsonNode answer) {
        String said = answer.path("message").asText();
        for (String secret : secrets) {
            said = said.replace(secret, "***");
        }
        return said.lines()
                .findFirst()
                .map(line -> ": " + StringUtils.truncate(line, LONGEST_REASON))
                .orElse("");
    }
}
