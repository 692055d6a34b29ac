package io.efsnas.driver.selection;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.efsnas.driver.ranking.ScoredSubnet;
import io.efsnas.driver.storage.JsonFile;
import io.efsnas.space.SearchSpace;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The file {@code selection.json}: the selected architecture, its scores and costs, and why it was selected. */
public final class SelectionFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private SelectionFile() {}

    /**
     * Writes a selection, in place of an earlier one.
     *
     * @throws UncheckedIOException naming the file if it cannot be written
     */
    public static void write(FileSystem files, Path path, Selection selection, SearchSpace space) {
        JsonFile.write(files, path, json(selection, space));
    }

    private static ObjectNode json(Selection selection, SearchSpace space) {
        ObjectNode json = JSON.createObjectNode();
        putSubnet(json, selection.subnet(), space);
        json.put("rank", selection.rank()).put("ranked", selection.ranked()).put("images", selection.images());
        ObjectNode limits = json.putObject("limits");
        selection.limits().flops().ifPresent(limit -> limits.put("flops", limit));
        selection.limits().parameters().ifPresent(limit -> limits.put("parameters", limit));
        json.putObject("rankedHigherButOverLimit")
                .put("flops", selection.overFlops())
                .put("parameters", selection.overParameters());
        selection.runnerUp().ifPresent(runnerUp -> putSubnet(json.putObject("runnerUp"), runnerUp, space)
                .put("margin", selection.margin().orElseThrow())
                .put("toldApart", selection.toldApart().orElseThrow()));
        selection.reasons(space).forEach(json.putArray("reasons")::add);
        return json;
    }

    private static ObjectNode putSubnet(ObjectNode json, ScoredSubnet subnet, SearchSpace space) {
        return json.put("architecture", space.format(subnet.architecture()))
                .put("subspace", subnet.subspace())
                .put("nonlinearities", subnet.nonlinearities())
                .put("accuracy", subnet.accuracy())
                .put("loss", subnet.loss())
                .put("flops", subnet.flops())
                .put("parameters", subnet.parameters())
                .put("score", subnet.score());
    }
}
