package io.efsnas.driver.retrain;

import io.efsnas.data.DatasetSpec;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.job.RetrainingJob;
import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.retraining.RetrainingSchedule;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the files of a retraining in a task say of it. */
final class JobSettings {

    private JobSettings() {}

    /**
     * All that decides the result, of the data what its fingerprint does not say.
     *
     * @param onGpu whether the task computes on a GPU
     */
    static Map<String, Object> of(RetrainingJob job, boolean onGpu) {
        DatasetSpec data = job.images().data();
        RetrainedNetworkSpec network = job.network();
        RetrainingSchedule schedule = job.schedule();
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put(ModelDirectory.ENGINE, job.engine());
        settings.put("space", network.space().name());
        settings.put("architecture", network.space().format(network.architecture()));
        settings.put("size", network.size().toString());
        settings.put("trainShare", data.trainShare());
        settings.put("validationShare", data.validationShare());
        settings.put("dataSeed", data.seed());
        settings.put("fingerprint", job.images().fingerprint());
        settings.put("augmentation", schedule.augmentation().toString());
        settings.put("epochs", schedule.epochs());
        settings.put("batch", schedule.batch());
        settings.put("initialLearningRate", schedule.learningRate().initial());
        settings.put("finalLearningRate", schedule.learningRate().last());
        settings.put("optimizer", network.optimizer().toString());
        settings.put("labelSmoothing", network.regularisation().labelSmoothing());
        settings.put("dropout", network.regularisation().dropout());
        settings.put("precision", job.precision().key());
        settings.put("device", onGpu ? "gpu" : "cpu");
        settings.put("seed", schedule.seed());
        putUnlessZero("heldOut", schedule.heldOut(), settings);
        putUnlessZero("warmUp", schedule.learningRate().warmUp(), settings);
        putUnlessZero("cutout", schedule.cutout(), settings);
        putUnlessZero("dropPath", network.regularisation().dropPath(), settings);
        putUnlessZero("auxiliaryWeight", network.regularisation().auxiliaryWeight(), settings);
        putUnlessZero("averageDecay", network.averageDecay(), settings);
        Engine engine = UserMistake.checking(() -> Engine.named(job.engine()));
        String build = engine.description(Device.CPU);
        settings.put("natives", build);
        if (!onGpu && !engine.repeats(build, job.threads() + 1, Device.CPU, job.threads())) {
            settings.put(ModelDirectory.THREADS, job.threads());
        }
        return settings;
    }

    /** Earlier versions, whose retrainings resume, did not have it. */
    private static void putUnlessZero(String name, Number value, Map<String, Object> settings) {
        if (value.doubleValue() != 0) {
            settings.put(name, value);
        }
    }

    /** What the model's file says of it, for who has that file alone. */
    static Map<String, String> about(RetrainingJob job) {
        RetrainedNetworkSpec network = job.network();
        return Map.of(
                "space",
                network.space().name(),
                "architecture",
                network.space().format(network.architecture()),
                "channels",
                Integer.toString(network.size().channels()),
                "cells",
                Integer.toString(network.size().cells()),
                "image",
                network.size().image().toString(),
                "classes",
                Integer.toString(network.size().classes()));
    }
}
