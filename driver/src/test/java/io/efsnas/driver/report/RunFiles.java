package io.efsnas.driver.report;

import io.efsnas.driver.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Run directories made up for tests. */
final class RunFiles {

    static final String CONV_3X3 = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|";
    static final String CONV_1X1 = "|none~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|";
    static final String SKIP = "|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|";

    private RunFiles() {}

    /** A search that has just begun. */
    static void search(Path directory) throws IOException {
        search(directory, "a.gz");
    }

    /**
     * A search that has just begun.
     *
     * @param images the configured image file
     */
    static void search(Path directory, String images) throws IOException {
        write(
                directory,
                "search.json",
                """
                {
                  "state": "running", "begun": "2026-11-22T19:05:21.3Z", "seed": 7, "key of a later version": 1,
                  "config": {"data": {"train": ["%s"]}, "space": {"groups": [[0, 1], [2, 3]]}},
                  "data": {
                    "fingerprint": "3c138c15", "shape": "1x28x28", "classes": 10,
                    "train": 6000, "validation": 2000, "test": 1999, "scoring": 1000
                  },
                  "tree": [
                    {"node": "0", "parent": null, "subspace": "0,1", "architectures": 8764, "width": 1,
                     "channels": 4, "cells": 1, "parameters": 24846},
                    {"node": "1", "parent": null, "subspace": "2,3", "architectures": 6520, "width": 1,
                     "channels": 5, "cells": 1, "parameters": 30001}
                  ],
                  "engine": {"name": "vector", "build": "vector, Java 17", "threads": 1},
                  "versions": {"efsnas": "0.1", "spark": "3.5.9", "java": "17.0.1"}
                }
                """
                        .formatted(images));
    }

    /** A search whose first supernet was split at position 2, between the choices 0 and 2 and the others. */
    static void split(Path directory) throws IOException {
        search(directory);
        String begun = Files.readString(directory.resolve("search.json"));
        int tree = begun.indexOf("\"tree\": [");
        write(
                directory,
                "search.json",
                begun.substring(0, tree)
                        + """
                        "tree": [
                          {"node": "root", "subspace": "all", "width": 2, "channels": 4, "cells": 1, "parameters": 9},
                          {"node": "0", "parent": "root", "subspace": "2:0,2", "width": 1, "channels": 4, "cells": 1,
                           "parameters": 9},
                          {"node": "1", "parent": "root", "subspace": "2:1,3", "width": 1, "channels": 4, "cells": 1,
                           "parameters": 9}
                        ]"""
                        + begun.substring(begun.indexOf(']', begun.lastIndexOf("\"parameters\": 30001")) + 1));
        write(
                directory,
                "split-root.json",
                """
                {
                  "node": "root", "parts": ["2:0,2", "2:1,3"],
                  "evidence": {
                    "position 2: 0-1": 1.5, "position 2: 0-2": 0.25, "position 2: 0-3": 1.5, "position 2: 1-2": 1.5,
                    "position 2: 1-3": 0.25, "position 2: 2-3": 1.5, "position 2: cut": 6.0,
                    "position 4: 0-1": 0.5, "position 4: cut": 0.5
                  }
                }
                """);
    }

    /** All files that a search and the commands after it can have written. */
    static void all(Path directory) throws IOException {
        search(directory);
        String running = Files.readString(directory.resolve("search.json"));
        write(
                directory,
                "search.json",
                running.replace(
                        "\"state\": \"running\"",
                        """
                        "state": "complete", "ended": "2026-11-22T20:06:21.3Z",
                        "timings": {
                          "slots": 2, "trainingWallSeconds": 100.0, "scoringWallSeconds": 25.0,
                          "trainingSeconds": 150.0, "scoringSeconds": 40.0, "dataSeconds": 10.0,
                          "checkpointSeconds": 5.0, "preparationSeconds": 5.0, "overheadShare": 0.2
                        }
                        """));
        write(
                directory,
                "rounds.json",
                "["
                        + String.join(
                                ",",
                                List.of(
                                        round(0, 0, "gpu:0", 0),
                                        round(0, 1, "gpu:1", 500),
                                        round(1, 0, "gpu:0", 30_000)))
                        + "]");
        write(
                directory,
                "ranking.csv",
                "rank,architecture,node,accuracy,loss,nonlinearities,flops,parameters,score\n"
                        + ("1," + CONV_3X3 + ",0,0.75,0.5,1,90000000,900000,0.75\n")
                        + ("2," + CONV_1X1 + ",0,0.5,1.5,1,40000000,200000,0.5\n")
                        + ("3," + SKIP + ",0,0.25,,0,60000000,100000,0.25\n"));
        selection(directory, CONV_3X3, "ranked 1 of 3");
        write(
                directory,
                "evolution.csv",
                "generation,architecture,origin,accuracy,loss\n1," + SKIP + ",random,0.25,2\n2," + CONV_3X3
                        + ",mutation,0.75,0.5\n");
        model(directory, CONV_3X3);
        String agreement = "{\"architectures\": 3, \"kendallTau\": 0.6667, \"spearmanRho\": null}";
        String ofSupernet1 = "{\"node\": \"1\", \"architectures\": 2, \"kendallTau\": 0.25, \"spearmanRho\": null}";
        String constant = "{\"architectures\": 2, \"kendallTau\": null, \"spearmanRho\": null}";
        String check = "{\"overall\": %s, \"subspaces\": [%s]}".formatted(agreement, ofSupernet1);
        write(
                directory,
                "reliability.json",
                "{\"images\": 1000, \"halves\": %s, \"liveParameters\": %s}".formatted(check, check));
        write(
                directory,
                "correlation.json",
                """
                {
                  "accuracyOfFirst": 93.81, "regret": 0.56,
                  "table": {
                    "architectures": 1500, "bestAccuracy": 94.37, "columns": ["test_accuracy_1", "test_accuracy_2"],
                    "repeatedRows": 12, "fractions": true
                  },
                  "predictors": [{
                    "name": "count", "overall": %s, "kendallTauInterval": {"low": 0.625, "high": 0.75},
                    "top": {"half": %s, "tenth": %s, "hundredth": %s}, "subspaces": [%s],
                    "first": {"accuracy": 90.0, "regret": 4.37, "percentile": 50.0},
                    "bestOfTen": {"accuracy": 94.0, "regret": 0.37, "percentile": 99.5}
                  }]
                }
                """
                        .formatted(agreement, agreement, constant, agreement, ofSupernet1));
    }

    static void selection(Path directory, String architecture, String reason) throws IOException {
        write(
                directory,
                "selection.json",
                """
                {
                  "architecture": "%s", "rank": 1,
                  "measures": {
                    "accuracy": 0.75, "loss": 0.5, "nonlinearities": 1, "flops": 90000000, "parameters": 900000
                  }, "ranked": 3, "reasons": ["%s"]
                }
                """
                        .formatted(architecture, reason));
    }

    static void model(Path directory, String architecture) throws IOException {
        write(
                directory,
                "model.json",
                "{\"architecture\": \"%s\", \"testAccuracy\": 0.9132, \"epochs\": 12, \"seconds\": 734.2}"
                        .formatted(architecture));
    }

    private static String round(int round, int supernet, String device, long begun) {
        return """
                {
                  "round": %d, "begun": %d,
                  "metrics": {
                    "node": "%d", "fromStep": %d, "toStep": %d, "loss": 1.5, "accuracy": 0.25, "images": 6400,
                    "subnets": 100, "trainingSeconds": 20.0, "dataSeconds": 4.0, "checkpointSeconds": 0.5
                  },
                  "place": {"host": "worker", "executor": "1", "device": "%s"},
                  "engine": "libtorch 2, NVIDIA H100", "threads": 1, "restored": false, "preparationSeconds": 0.5
                }
                """
                .formatted(round, begun, supernet, 100 * round, 100 * (round + 1), device);
    }

    private static void write(Path directory, String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
    }

    /** The data of what a directory holds. */
    static ReportData read(Path directory) {
        return ReportData.read(new RunDirectory(directory.toString(), new Configuration()));
    }
}
