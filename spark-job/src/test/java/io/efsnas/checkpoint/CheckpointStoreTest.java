package io.efsnas.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.efsnas.storage.LeaseOwner;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {

    private static final String SUPERNET = "supernet 3";

    @TempDir
    private Path directory;

    private CheckpointStore store;

    @BeforeEach
    void open() {
        store = store(2);
    }

    private CheckpointStore store(int keep) {
        return new CheckpointStore(directory.toUri().toString(), SUPERNET, keep, new Configuration());
    }

    /** With large enough values that a write takes a while. */
    private static Checkpoint checkpoint(long step) {
        float[] values = new float[10_000];
        Arrays.fill(values, (float) step);
        return new Checkpoint(
                new SupernetState(Map.of("w", new Tensor(List.of(100, 100), values))),
                Map.of(),
                RoundProgress.from(step));
    }

    private Path file(long step) {
        return directory.resolve(String.format("supernet-3/step-%08d.safetensors", step));
    }

    /** Replaces a file's bytes behind the back of Hadoop, whose own checksum would tell. */
    private void replace(long step, byte[] bytes) throws IOException {
        Files.write(file(step), bytes);
        Files.deleteIfExists(file(step).resolveSibling("." + file(step).getFileName() + ".crc"));
    }

    private static void assertSame(Checkpoint actual, Checkpoint expected) {
        assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
    }

    /** As when a run directory was removed while its search was suspended. */
    @Test
    void writesNothingWithoutTheLeaseOfTheRunDirectory() throws IOException {
        Path run = Files.createDirectories(directory.resolve("run"));
        Path lease = run.resolve(LeaseOwner.FILE);
        Path checkpoints = run.resolve("checkpoints");
        CheckpointStore leased = new CheckpointStore(
                checkpoints.toUri().toString(), SUPERNET, 2, new Configuration(), Optional.of("mine"));
        Files.write(lease, LeaseOwner.thisProcess("another's").toJson());

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> leased.save(checkpoint(1)))
                .withMessageContaining("supernet 3 writes no checkpoint, since its search no longer has the lease ");
        assertThat(checkpoints).doesNotExist();

        Files.write(lease, LeaseOwner.thisProcess("mine").toJson());
        leased.save(checkpoint(1));
        assertThat(leased.load(1).step()).isEqualTo(1);
    }

    @Test
    void loadsWhatWasSaved() throws IOException {
        store.save(checkpoint(5));
        store.save(checkpoint(10));

        assertSame(store.load(5), checkpoint(5));
        assertSame(store.load(10), checkpoint(10));
        assertSame(store(2).load(10), checkpoint(10));
    }

    private static Checkpoint part(String tensor, long step) {
        return new Checkpoint(
                new SupernetState(Map.of(tensor, new Tensor(List.of(2), new float[] {step, -step}))),
                Map.of(),
                RoundProgress.from(step));
    }

    private void saveParts(long step, long before) throws IOException {
        store.savePart(part("v", step), new CheckpointPart(1, 2), before);
        store.savePart(part("w", step), new CheckpointPart(0, 2), before);
    }

    private Path partFile(long step, int part) {
        return directory.resolve(String.format("supernet-3/mean-%08d-%d-of-2.safetensors", step, part));
    }

    @Test
    void partsAreOneCheckpointThatGoesWhenItsRoundEnds() throws IOException {
        saveParts(6, 5);
        saveParts(7, 6);
        saveParts(8, 7);

        Checkpoint whole = store.loadParts(8);
        assertThat(whole.state().tensors()).containsOnlyKeys("v", "w");
        assertThat(whole.state().tensors().get("v").values()).containsExactly(8, -8);
        assertThat(whole.round()).isEqualTo(RoundProgress.from(8));
        assertThat(partFile(6, 0)).as("no worker begins with it any more").doesNotExist();
        assertThat(store.loadParts(7).step()).isEqualTo(7);
        assertThat(store.latestOfRound(5, 10))
                .as("they are no checkpoint of one worker")
                .isEmpty();

        store.save(checkpoint(10));
        assertThat(store.latestOfParts(5, 10)).isEmpty();
        assertThat(partFile(8, 0)).doesNotExist();
    }

    @Test
    void partsOfWhichOneIsMissingOrDamagedArePassedOver() throws IOException {
        saveParts(7, 6);
        saveParts(8, 7);
        saveParts(9, 7);
        Files.delete(partFile(9, 0));
        Files.write(partFile(8, 1), new byte[] {1, 2, 3});
        Files.deleteIfExists(partFile(8, 1).resolveSibling("." + partFile(8, 1).getFileName() + ".crc"));

        assertThat(store.latestOfParts(5, 10).orElseThrow().step()).isEqualTo(7);
        assertThat(store.latestOfParts(7, 10)).isEmpty();
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> store.loadParts(9))
                .withMessageContaining("mean-00000009")
                .withMessageContaining("has only 1 of its parts");
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> store.loadParts(8))
                .withMessageContaining("mean-00000008-1-of-2.safetensors cannot be used");
    }

    @Test
    void whatTheSchemeRemembersIsBesideTheSupernet() throws IOException {
        Map<String, Tensor> remembered = new LinkedHashMap<>();
        remembered.put("pool", new Tensor(List.of(2, 3), new float[] {1, 2, 3, 4, 5, 6}));
        remembered.put("w", new Tensor(List.of(0, 0), new float[0]));
        Checkpoint checkpoint = new Checkpoint(checkpoint(5).state(), remembered, RoundProgress.from(5));

        store.save(checkpoint);

        assertSame(store.load(5), checkpoint);
        assertThat(Safetensors.read(Files.readAllBytes(file(5))).tensors().keySet())
                .containsExactly("w", "scheme.pool", "scheme.w");
    }

    @Test
    void theLatestIsTheNewestUpToAStep() throws IOException {
        CheckpointStore all = store(9);
        for (long step : List.of(5L, 10L, 100L)) {
            all.save(checkpoint(step));
        }

        assertSame(store.latest(1000).orElseThrow(), checkpoint(100));
        assertSame(store.latest(100).orElseThrow(), checkpoint(100));
        assertSame(store.latest(99).orElseThrow(), checkpoint(10));
        assertThat(store.latest(4)).isEmpty();
    }

    @Test
    void loadNamesTheFileThatIsMissingOrDamaged() throws IOException {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> store.load(5))
                .withMessage("checkpoint file:" + file(5) + " is missing");

        store.save(checkpoint(5));
        replace(5, Arrays.copyOf(Files.readAllBytes(file(5)), 1000));
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> store.load(5))
                .withMessageStartingWith("checkpoint file:" + file(5) + " cannot be used: ");
    }

    @Test
    void laterOnesDoNotPushOutThoseOfARoundThatIsMadeAgain() throws IOException {
        for (long step : List.of(15L, 20L)) {
            store.save(checkpoint(step));
            replace(step, new byte[] {1});
        }

        store.save(checkpoint(5));
        store.save(checkpoint(10));

        assertSame(store.load(5), checkpoint(5));
        assertSame(store.latest(20).orElseThrow(), checkpoint(10));
        store.save(checkpoint(15));
        assertThat(file(5)).doesNotExist();
        assertSame(store.latest(20).orElseThrow(), checkpoint(15));
    }

    @Test
    void anEmptyDirectoryOrNoneHasNoLatest() throws IOException {
        assertThat(store.latest(10)).isEmpty();
        Files.createDirectory(directory.resolve("supernet-3"));
        assertThat(store.latest(10)).isEmpty();
    }

    @Test
    void otherSupernetsHaveCheckpointsOfTheirOwn() throws IOException {
        store.save(checkpoint(5));

        CheckpointStore other = new CheckpointStore(directory.toUri().toString(), "supernet 4", 2, new Configuration());
        assertThat(other.latest(5)).isEmpty();
    }

    @Test
    void keepsTheNewestWhateverTheOrderOfTheirNames() throws IOException {
        for (long step : List.of(99_999_998L, 99_999_999L, 100_000_000L, 100_000_001L)) {
            store.save(checkpoint(step));
        }

        assertThat(file(99_999_998L)).doesNotExist();
        assertThat(file(99_999_999L)).doesNotExist();
        assertThat(file(100_000_000L)).exists();
        assertThat(file(100_000_001L)).exists();
    }

    @Test
    void aDamagedNewestIsPassedOverForTheOneBefore() throws IOException {
        store.save(checkpoint(5));
        store.save(checkpoint(10));
        byte[] whole = Files.readAllBytes(file(10));
        byte[] flipped = whole.clone();
        flipped[whole.length - 1] ^= 1;

        for (byte[] damaged : List.of(new byte[0], Arrays.copyOf(whole, whole.length / 2), flipped)) {
            replace(10, damaged);
            assertSame(store.latest(10).orElseThrow(), checkpoint(5));
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> store.load(10));
        }
        replace(5, new byte[0]);
        assertThat(store.latest(10)).isEmpty();
    }

    @Test
    void damageThatHadoopFindsIsPassedOverToo() throws IOException {
        store.save(checkpoint(5));
        store.save(checkpoint(10));
        byte[] bytes = Files.readAllBytes(file(10));
        bytes[20] ^= 1;
        Files.write(file(10), bytes);

        assertSame(store.latest(10).orElseThrow(), checkpoint(5));
    }

    @Test
    void theCheckpointOfAnotherStepIsRefused() throws IOException {
        store.save(checkpoint(5));
        Files.copy(file(5), file(6));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> store.load(6))
                .withMessageContaining("efsnas-supernet-2")
                .withMessageContaining("step 6");
        assertSame(store.latest(6).orElseThrow(), checkpoint(5));
    }

    @Test
    void thoseWithinARoundNeverPushOutTheEndsOfRoundsAndGoWithTheirRound() throws IOException {
        store.save(checkpoint(5));
        store.save(checkpoint(10));
        for (long step : List.of(11L, 12L, 13L)) {
            store.saveUnfinished(checkpoint(step));
        }

        assertSame(store.load(5), checkpoint(5));
        assertSame(store.latest(100).orElseThrow(), checkpoint(10));
        assertSame(store.latestOfRound(10, 15).orElseThrow(), checkpoint(13));
        assertThat(directory.resolve("supernet-3").toFile().list())
                .containsExactlyInAnyOrder(
                        "step-00000005.safetensors",
                        "step-00000010.safetensors",
                        "unfinished-00000012.safetensors",
                        "unfinished-00000013.safetensors");

        store.save(checkpoint(15));

        assertSame(store.latestOfRound(10, 15).orElseThrow(), checkpoint(15));
        assertThat(store.latestOfRound(15, 20)).isEmpty();
        assertThat(directory.resolve("supernet-3").toFile().list())
                .containsExactlyInAnyOrder("step-00000010.safetensors", "step-00000015.safetensors");
    }

    @Test
    void aDamagedOneWithinARoundIsPassedOverForTheOneBefore() throws IOException {
        store.save(checkpoint(10));
        store.saveUnfinished(checkpoint(12));
        store.saveUnfinished(checkpoint(13));
        Path newest = directory.resolve("supernet-3/unfinished-00000013.safetensors");
        Files.write(newest, Arrays.copyOf(Files.readAllBytes(newest), 1000));

        assertSame(store.latestOfRound(10, 15).orElseThrow(), checkpoint(12));
    }

    @Test
    void whatAKilledWriterLeftIsIgnored() throws IOException {
        store.save(checkpoint(5));
        Path leftover = file(10).resolveSibling(".step-00000010.safetensors.0b1c.tmp");
        Files.write(leftover, new byte[] {1, 2, 3});
        assertSame(store.latest(10).orElseThrow(), checkpoint(5));

        store.save(checkpoint(10));
        assertSame(store.latest(10).orElseThrow(), checkpoint(10));
        assertThat(file(5)).as("leftovers do not count among those kept").exists();
    }

    /**
     * Where a file cannot be replaced in one step, as on the local file system, one of them may be told that it could not
     * write; its task is then tried again.
     */
    @Test
    void ofTwoWritersOfTheSameStepOneAtLeastLeavesAWholeCheckpoint() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(2);
        try {
            for (long step = 1; step <= 20; step++) {
                Checkpoint checkpoint = checkpoint(step);
                List<Callable<Boolean>> saves = List.of(() -> saved(checkpoint), () -> saved(checkpoint));
                List<Boolean> saved = new ArrayList<>();
                for (Future<Boolean> each : writers.invokeAll(saves)) {
                    saved.add(each.get());
                }
                assertThat(saved).contains(true);
                assertSame(store.latest(step).orElseThrow(), checkpoint);
            }
        } finally {
            writers.shutdownNow();
        }
    }

    private boolean saved(Checkpoint checkpoint) throws IOException {
        try {
            store(2).save(checkpoint);
            return true;
        } catch (UncheckedIOException e) {
            assertThat(e)
                    .hasMessageContaining(file(checkpoint.step()).getFileName().toString());
            return false;
        }
    }
}
