package io.efsnas.driver.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.driver.config.TrackingConfig;
import io.efsnas.driver.run.RunContents;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.job.RoundReport;
import io.efsnas.job.TaskPlace;
import io.efsnas.retraining.EpochReport;
import io.efsnas.training.RoundMetrics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.WireFormat;
import org.tensorflow.framework.Summary;

/** Against a reader of the format that shares nothing with the writer. */
class CurvesTest {

    @TempDir
    private Path directory;

    private MlflowRun noServer() {
        return MlflowRun.of(new TrackingConfig(Optional.empty(), "efsnas"), run(), Map.of());
    }

    private record Event(double seconds, long step, String version, Summary summary) {

        float scalar(String tag) {
            return summary.getValueList().stream()
                    .filter(value -> value.getTag().equals(tag))
                    .findFirst()
                    .orElseThrow()
                    .getSimpleValue();
        }
    }

    @Test
    void supernetsHaveTheCurvesOfTheirRounds() throws IOException {
        new Curves(run(), noServer())
                .writeRounds("1.0", List.of(round(0, 300, 2.5), round(300, 700, Double.NaN)), report -> 0.125);

        List<Event> events = events("supernet-1.0");

        assertThat(events).hasSize(3);
        assertThat(events.get(0).version()).isEqualTo("brain.Event:2");
        assertThat(events.get(1).step()).isEqualTo(300);
        assertThat(events.get(1).seconds()).isCloseTo(1_700_000_000 + 0.5 + 10 + 1 + 2, within(1e-3));
        assertThat(events.get(1).scalar("loss")).isEqualTo(2.5f);
        assertThat(events.get(1).scalar("accuracy")).isEqualTo(0.25f);
        assertThat(events.get(1).scalar("learning-rate")).isEqualTo(0.125f);
        assertThat(events.get(1).scalar("steps-per-second")).isEqualTo(30f);
        assertThat(events.get(2).step()).isEqualTo(700);
        assertThat(events.get(2).scalar("loss")).isNaN();
        assertThat(RunContents.isOwnName("tensorboard/supernet-1.0/events.out.tfevents.efsnas"))
                .isTrue();
    }

    @Test
    void finalistsAndModelsHaveTheCurvesOfTheirEpochs() throws IOException {
        Curves curves = new Curves(run(), noServer());
        curves.writeEpochs(
                "finalist-2",
                List.of(EpochReport.ofFinalist(1, 1.5, 0.5, 10), EpochReport.ofFinalist(2, 1.25, 0.75, 20)),
                1_700_000_030_000L);
        curves.writeEpochs("model", List.of(EpochReport.tested(1, 1, 0.5, 10)), 1_700_000_010_000L);

        List<Event> finalist = events("finalist-2");
        assertThat(finalist).hasSize(3);
        assertThat(finalist.get(1).seconds()).isCloseTo(1_700_000_010, within(1e-3));
        assertThat(finalist.get(2).seconds()).isCloseTo(1_700_000_030, within(1e-3));
        assertThat(finalist.get(2).scalar("validation-accuracy")).isEqualTo(0.75f);
        assertThat(events("model").get(1).scalar("test-accuracy")).isEqualTo(0.5f);
    }

    private RunDirectory run() {
        return new RunDirectory(directory.toString(), new Configuration());
    }

    /** Its curve ends at the last step that it took, and has no point of a round in which it took none. */
    @Test
    void aTrainingThatEndsEarlyHasNoPointsAfterIt() throws IOException {
        new Curves(run(), noServer())
                .writeRounds(
                        "1.0",
                        List.of(round(0, 300, 2.5), round(300, 700, 1.5, 160), round(700, 1000, Double.NaN, 300)),
                        report -> report.metrics().lastStep());

        List<Event> events = events("supernet-1.0");

        assertThat(events).extracting(Event::step).containsExactly(0L, 300L, 540L);
        assertThat(events.get(2).scalar("steps-per-second")).isEqualTo(24f);
        assertThat(events.get(2).scalar("learning-rate")).isEqualTo(540f);
    }

    private static RoundReport round(long from, long to, double loss) {
        return round(from, to, loss, 0);
    }

    private static RoundReport round(long from, long to, double loss, long skipped) {
        RoundMetrics metrics = new RoundMetrics("1.0", from, to, loss, 0.25, 80, 10, 10, 1, 2, skipped);
        return new RoundReport(
                0,
                1_700_000_000_000L,
                metrics,
                new TaskPlace("host", "1", "cpu"),
                "vector",
                1,
                false,
                0.5,
                1,
                List.of());
    }

    private List<Event> events(String name) throws IOException {
        byte[] file = Files.readAllBytes(directory.resolve("tensorboard/" + name + "/events.out.tfevents.efsnas"));
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] length = new byte[Long.BYTES];
            bytes.get(length);
            assertThat(bytes.getInt()).isEqualTo(masked(length));
            byte[] message = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            bytes.get(message);
            assertThat(bytes.getInt()).isEqualTo(masked(message));
            events.add(event(message));
        }
        return events;
    }

    /** Bit by bit. */
    private static int masked(byte[] bytes) {
        int crc = ~0;
        for (byte value : bytes) {
            crc ^= value & 0xff;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) == 1 ? 0x82f63b78 : 0);
            }
        }
        crc = ~crc;
        return (crc >>> 15 | crc << 17) + 0xa282ead8;
    }

    private static Event event(byte[] message) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        double seconds = 0;
        long step = 0;
        String version = "";
        Summary summary = Summary.getDefaultInstance();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> seconds = in.readDouble();
                case 2 -> step = in.readInt64();
                case 3 -> version = in.readString();
                case 5 -> summary = Summary.parseFrom(in.readByteArray());
                default -> throw new IOException("unknown field " + tag);
            }
        }
        return new Event(seconds, step, version, summary);
    }
}
