package io.efsnas.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.scoring.SubnetScore;
import io.efsnas.split.Evidence;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

class KryoClassesTest {

    private final SerializerInstance kryo = new KryoSerializer(new SparkConf(false)
                    .set("spark.kryo.registrationRequired", "true")
                    .set("spark.kryo.registrator", KryoClasses.class.getName()))
            .newInstance();

    @Test
    void whatGoesToTasksAndComesBackIsRegistered() {
        RoundTask task = new RoundTask("1", 2, 3, 4);
        TaskPlace place = new TaskPlace("host", "1", "cpu");
        ScoreReport report = new ScoreReport("0", List.<SubnetScore>of(), place, 1, 2);

        assertThat(copy(task, RoundTask.class)).isEqualTo(task);
        assertThat(copy(new RoundTask[] {task}, RoundTask[].class)).containsExactly(task);
        assertThat(copy(new ScoreReport[] {report}, ScoreReport[].class)).containsExactly(report);
        ProbeReport probe = new ProbeReport("0.1", List.of(Evidence.of(Map.of("edge 0", 0.5))));
        assertThat(copy(probe, ProbeReport.class)).isEqualTo(probe);
        assertThat(copy(new ProbeTask("0.1", 2, 3), ProbeTask.class)).isEqualTo(new ProbeTask("0.1", 2, 3));
        assertThat(copy(new GpuDescription("a", 8, true), GpuDescription.class))
                .isEqualTo(new GpuDescription("a", 8, true));
    }

    private <T> T copy(T value, Class<T> type) {
        ClassTag<T> tag = ClassTag$.MODULE$.apply(type);
        ByteBuffer bytes = kryo.serialize(value, tag);
        return kryo.deserialize(bytes, tag);
    }
}
