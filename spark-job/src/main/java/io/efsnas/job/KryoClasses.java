package io.efsnas.job;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.data.prepare.ShardReport;
import io.efsnas.data.prepare.ShardTask;
import io.efsnas.retraining.EpochTiming;
import java.util.List;
import org.apache.spark.serializer.KryoRegistrator;

/**
 * Registers what goes to tasks and comes back from them, for sessions whose Kryo wants every class registered ({@code
 * spark.kryo.registrationRequired}). A session of one's own names it in {@code spark.kryo.registrator}.
 */
public final class KryoClasses implements KryoRegistrator {

    private static final List<Class<?>> OURS = List.of(
            RoundTask.class,
            RoundReport.class,
            RoundProgress.class,
            WorkerTask.class,
            WorkerPart.class,
            WorkerShare.class,
            AveragingReport.class,
            ScoreTask.class,
            ScoreReport.class,
            ProbeTask.class,
            ProbeReport.class,
            MeasureTask.class,
            MeasureReport.class,
            SupernetTiming.class,
            EpochTiming.class,
            ShardTask.class,
            ShardReport.class,
            GpuDescription.class);

    @Override
    public void registerClasses(Kryo kryo) {
        for (Class<?> ours : OURS) {
            kryo.register(ours, new JavaSerializer()); // Kryo knows no records
            kryo.register(ours.arrayType());
        }
    }
}
