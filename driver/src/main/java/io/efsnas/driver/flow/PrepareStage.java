package io.efsnas.driver.flow;

import io.efsnas.data.format.Decoding.Damaged;
import io.efsnas.data.prepare.Preparation;
import io.efsnas.data.prepare.PrepareSpec;
import io.efsnas.data.prepare.ShardReport;
import io.efsnas.data.prepare.ShardTask;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.progress.ShardProgress;
import io.efsnas.driver.spark.ShardWriting;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prepares images: writes the shards that an earlier process has not written, and then their indexes. */
public final class PrepareStage {

    private static final Logger log = LoggerFactory.getLogger(PrepareStage.class);

    private static final int NAMED = 5;

    private PrepareStage() {}

    /**
     * What was done.
     *
     * @param images in all shards
     * @param shards there are
     * @param written those that an earlier process had not written
     * @param damaged images that were skipped, each with the reason
     */
    public record Prepared(long images, int shards, long written, List<String> damaged) {}

    /**
     * Prepares images, of a preparation that has {@linkplain Preparation#begin() begun}.
     *
     * @throws UserMistake naming images that cannot be decoded; shards without such are there then
     */
    public static Prepared run(JavaSparkContext spark, PrepareSpec spec, Preparation preparation) {
        List<String> passedOver = preparation.found().passedOver();
        if (!passedOver.isEmpty()) {
            log.warn(
                    "{}: passed over what is neither a class with images nor a visible file of one: {}",
                    spec.from(),
                    named(passedOver));
        }
        List<ShardTask> tasks = preparation.tasks();
        List<ShardReport> reports;
        try (ShardProgress progress = new ShardProgress(tasks.size())) {
            reports = new ShardWriting(spark).write(spec, tasks, progress::ended);
        }
        List<String> damaged =
                reports.stream().flatMap(report -> report.damaged().stream()).toList();
        if (!damaged.isEmpty() && spec.damaged() == Damaged.REFUSE) {
            throw new UserMistake(damaged.size() + " of the images in " + spec.from() + " cannot be decoded: "
                    + named(damaged) + "; remove them and give another --to, or give --damaged skip");
        }
        UserMistake.checking(() -> {
            preparation.finish();
            return preparation;
        });
        return new Prepared(
                reports.stream().mapToLong(ShardReport::images).sum(),
                tasks.size(),
                reports.stream().filter(ShardReport::written).count(),
                damaged);
    }

    /** The first of some names. */
    public static String named(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
                + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "");
    }
}
