package io.efsnas.driver.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.livy.LivyServer;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.storage.FileFailure;
import io.efsnas.driver.storage.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of a search that a Livy server is to run. */
final class LivyOptions {

    @Option(
            names = "--livy",
            required = true,
            paramLabel = "URL",
            description = "Submits the search to this Livy server as a batch and follows it. Ctrl-C stops following and"
                    + " asks whether to let the batch continue.")
    private String url;

    @Option(
            names = "--livy-batch",
            required = true,
            paramLabel = "FILE",
            description = "Livy's request for the batch, like deploy/livy/batch.json: where the server finds"
                    + " efsnas.jar, memory and settings of Spark. efsnas replaces its className and args.")
    private Path request;

    LivyServer server() {
        return new LivyServer(url);
    }

    /**
     * The request for a search, whose configuration goes with it.
     *
     * @param mainClass the class that the batch starts
     * @param further further arguments of the search
     * @throws UserMistake naming the file if it is no request for a batch
     */
    ObjectNode request(String mainClass, SearchConfig config, String runDirectory, List<String> further) {
        ObjectNode batch = template();
        batch.put("className", mainClass);
        ArrayNode arguments =
                batch.putArray("args").add("search").add("--run-dir").add(runDirectory);
        further.forEach(arguments::add);
        ConfigFactory.parseString(config.render()).root().forEach((section, settings) -> arguments
                .add("--set")
                .add(section + "=" + settings.render(ConfigRenderOptions.concise())));
        return batch;
    }

    private ObjectNode template() {
        try {
            if (Json.MAPPER.readTree(request.toFile()) instanceof ObjectNode object && object.hasNonNull("file")) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new UserMistake(
                    request + " is not JSON"
                            + (e.getLocation() == null
                                    ? ""
                                    : " from line " + e.getLocation().getLineNr()),
                    e);
        } catch (IOException e) {
            throw FileFailure.cannot("read", request, e);
        }
        throw new UserMistake(request + " is not a request for a Livy batch; expected a JSON object whose"
                + " \"file\" says where the server finds efsnas.jar, such as local:/opt/efsnas/efsnas.jar");
    }
}
