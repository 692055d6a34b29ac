package io.efsnas.job;

import io.efsnas.data.prepare.PrepareSpec;
import io.efsnas.data.prepare.ShardReport;
import io.efsnas.data.prepare.ShardTask;
import io.efsnas.data.prepare.ShardWriter;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;

/** Writes a shard of images on the executor that runs it. */
public final class WriteShard implements Function<ShardTask, ShardReport> {

    private static final long serialVersionUID = 1;

    private final PrepareSpec spec;
    private final SerializableConfiguration hadoop;

    public WriteShard(PrepareSpec spec, SerializableConfiguration hadoop) {
        this.spec = spec;
        this.hadoop = hadoop;
    }

    @Override
    public ShardReport call(ShardTask task) {
        return new ShardWriter(spec, hadoop.value()).write(task);
    }
}
