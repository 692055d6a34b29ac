package io.efsnas.driver.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server that holds requests to the specification of MLflow's REST API, version 2.0: paths, methods, fields, limits of
 * batches, letters of names, parameters that never change. What it does not accept it answers with an error, and keeps in
 * {@link #violations}. On demand it misbehaves.
 */
public final class MlflowOfTests implements AutoCloseable {

    /** How it answers. */
    public enum Mood {
        WELL,
        WITH_ERRORS,
        WITHOUT_AN_ANSWER,
        NEVER
    }

    public record Point(double value, long timestamp, long step) {}

    /** A run on the server. */
    public static final class Run {
        public final String experiment;
        public final Map<String, String> tags = new TreeMap<>();
        public final Map<String, String> parameters = new TreeMap<>();
        public final Map<String, List<Point>> metrics = new TreeMap<>();
        public final Map<String, byte[]> artifacts = new TreeMap<>();
        public String status = "RUNNING";
        public Long end;

        Run(String experiment) {
            this.experiment = experiment;
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "/api/2.0/mlflow/";
    private static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts/";
    private static final String NAME = "[\\w.\\- /:]{1,250}";

    public final Map<String, Run> runs = new LinkedHashMap<>();
    public final Map<String, String> experiments = new TreeMap<>();
    public final List<String> violations = new CopyOnWriteArrayList<>();
    public final List<String> authorizations = new CopyOnWriteArrayList<>();
    public final CountDownLatch woken = new CountDownLatch(1);
    public volatile Mood mood = Mood.WELL;
    public volatile int requests;

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    public MlflowOfTests() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/", this::answer);
        http.start();
    }

    public String url() {
        return "http://" + http.getAddress().getHostString() + ":"
                + http.getAddress().getPort();
    }

    /** The only run that there is. */
    public Run run() {
        if (runs.size() != 1) {
            throw new AssertionError("there are the runs " + runs.keySet());
        }
        return runs.values().iterator().next();
    }

    @Override
    public void close() {
        woken.countDown();
        http.stop(0);
        threads.shutdownNow();
    }

    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;
        private final int status;
        private final String code;

        Refusal(int status, String code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        synchronized (this) {
            requests++;
        }
        byte[] body = exchange.getRequestBody().readAllBytes();
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        switch (mood) {
            case WITH_ERRORS -> {
                // Some servers repeat what they were given.
                send(exchange, 500, JSON.createObjectNode().put("message", "broken: " + authorizations));
                return;
            }
            case WITHOUT_AN_ANSWER -> {
                exchange.close();
                return;
            }
            case NEVER -> {
                try {
                    woken.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            case WELL -> {}
        }
        try {
            send(exchange, 200, handled(exchange, body));
        } catch (Refusal e) {
            if (!e.code.equals("RESOURCE_DOES_NOT_EXIST")) {
                violations.add(exchange.getRequestURI() + ": " + e.getMessage());
            }
            send(
                    exchange,
                    e.status,
                    JSON.createObjectNode().put("error_code", e.code).put("message", e.getMessage()));
        }
    }

    private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private synchronized JsonNode handled(HttpExchange exchange, byte[] body) throws Refusal, IOException {
        String path = exchange.getRequestURI().getPath();
        String call = exchange.getRequestMethod() + " " + path.replaceFirst("^" + API, "");
        if (path.startsWith(ARTIFACTS)) {
            return upload(exchange, path.substring(ARTIFACTS.length()), body);
        }
        return switch (call) {
            case "GET experiments/get-by-name" -> experiment(query(exchange, "experiment_name"));
            case "POST experiments/create" -> createExperiment(object(exchange, body, Set.of("name")));
            case "POST runs/create" -> create(
                    object(exchange, body, Set.of("experiment_id", "run_name", "start_time", "tags")));
            case "GET runs/get" -> described(query(exchange, "run_id"));
            case "POST runs/update" -> update(object(exchange, body, Set.of("run_id", "status", "end_time")));
            case "POST runs/log-batch" -> logBatch(
                    object(exchange, body, Set.of("run_id", "metrics", "params", "tags")), body.length);
            default -> throw new Refusal(404, "ENDPOINT_NOT_FOUND", call);
        };
    }

    private static String query(HttpExchange exchange, String name) throws Refusal {
        String query = exchange.getRequestURI().getRawQuery();
        if (query == null || !query.startsWith(name + "=")) {
            throw invalid("there is no " + name);
        }
        return URLDecoder.decode(query.substring(name.length() + 1), StandardCharsets.UTF_8);
    }

    /** A JSON object, by a parser that takes no number but those of JSON, with no other fields than these. */
    private static JsonNode object(HttpExchange exchange, byte[] body, Set<String> fields) throws Refusal, IOException {
        if (!"application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
            throw invalid("no JSON");
        }
        JsonNode object = JSON.readTree(body);
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!fields.contains(name)) {
                throw invalid("unknown field " + name);
            }
        }
        return object;
    }

    private static Refusal invalid(String message) {
        return new Refusal(400, "INVALID_PARAMETER_VALUE", message);
    }

    private JsonNode experiment(String name) throws Refusal {
        String id = experiments.get(name);
        if (id == null) {
            throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", "no experiment " + name);
        }
        return JSON.createObjectNode()
                .set(
                        "experiment",
                        JSON.createObjectNode().put("experiment_id", id).put("name", name));
    }

    private JsonNode createExperiment(JsonNode request) throws Refusal {
        if (experiments.putIfAbsent(request.path("name").asText(), Integer.toString(experiments.size() + 1)) != null) {
            throw new Refusal(400, "RESOURCE_ALREADY_EXISTS", "it exists");
        }
        return JSON.createObjectNode().put("experiment_id", Integer.toString(experiments.size()));
    }

    private JsonNode create(JsonNode request) throws Refusal {
        String experiment = request.path("experiment_id").asText();
        if (!experiments.containsValue(experiment)
                || !request.path("start_time").isIntegralNumber()) {
            throw invalid("runs/create: " + request);
        }
        Run run = new Run(experiment);
        for (JsonNode tag : request.path("tags")) {
            run.tags.put(tag.path("key").asText(), tag.path("value").asText());
        }
        String id = String.format("%032x", runs.size() + 1);
        runs.put(id, run);
        return described(id);
    }

    private Run named(String id) throws Refusal {
        Run run = runs.get(id);
        if (run == null) {
            throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", "no run " + id);
        }
        return run;
    }

    private JsonNode described(String id) throws Refusal {
        Run run = named(id);
        var answer = JSON.createObjectNode();
        var described = answer.putObject("run");
        described
                .putObject("info")
                .put("run_id", id)
                .put("artifact_uri", "mlflow-artifacts:/" + run.experiment + "/" + id + "/artifacts");
        var metrics = described.putObject("data").putArray("metrics");
        run.metrics.forEach((key, points) -> {
            Point last = points.get(points.size() - 1);
            metrics.addObject()
                    .put("key", key)
                    .put("value", last.value())
                    .put("timestamp", last.timestamp())
                    .put("step", last.step());
        });
        return answer;
    }

    private JsonNode update(JsonNode request) throws Refusal {
        Run run = named(request.path("run_id").asText());
        String status = request.path("status").asText();
        if (!Set.of("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED").contains(status)) {
            throw invalid("status " + status);
        }
        run.status = status;
        run.end =
                request.has("end_time") ? Long.valueOf(request.path("end_time").longValue()) : null;
        return JSON.createObjectNode();
    }

    private JsonNode logBatch(JsonNode request, int bytes) throws Refusal {
        Run run = named(request.path("run_id").asText());
        JsonNode metrics = request.path("metrics");
        JsonNode parameters = request.path("params");
        if (metrics.size() > 1000 || parameters.size() > 100 || bytes > 1_000_000) {
            throw invalid("too large a batch");
        }
        for (JsonNode metric : metrics) {
            boolean typed = metric.path("value").isNumber()
                    && metric.path("timestamp").isIntegralNumber()
                    && metric.path("step").isIntegralNumber();
            if (!typed || !metric.path("key").asText().matches(NAME)) {
                throw invalid("metric " + metric);
            }
            run.metrics
                    .computeIfAbsent(metric.path("key").asText(), any -> new ArrayList<>())
                    .add(new Point(
                            metric.path("value").doubleValue(),
                            metric.path("timestamp").longValue(),
                            metric.path("step").longValue()));
        }
        for (JsonNode parameter : parameters) {
            String key = parameter.path("key").asText();
            String value = parameter.path("value").asText();
            if (!key.matches(NAME) || value.length() > 500) {
                throw invalid("parameter " + parameter);
            }
            String before = run.parameters.put(key, value);
            if (before != null && !before.equals(value)) {
                throw invalid("parameter " + key + " was " + before);
            }
        }
        return JSON.createObjectNode();
    }

    private JsonNode upload(HttpExchange exchange, String path, byte[] body) throws Refusal {
        String[] parts = path.split("/", 4);
        if (!exchange.getRequestMethod().equals("PUT") || parts.length < 4 || !parts[2].equals("artifacts")) {
            throw invalid("artifact " + path);
        }
        named(parts[1]).artifacts.put(parts[3], body);
        return JSON.createObjectNode();
    }
}
