package io.efsnas.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.LogLines;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.logging.log4j.Level;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class IdleDevicesIT {

    private static final int SLOTS = 2;

    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    private final AtomicBoolean terminating = new AtomicBoolean();
    private JavaSparkContext spark;

    private IdleDevices idle(String mode) {
        spark = new JavaSparkContext(new SparkConf()
                .setMaster("local[2]")
                .setAppName("idle devices")
                .set("spark.ui.enabled", "false")
                .set("spark.scheduler.mode", mode));
        return new IdleDevices(spark, "search", () -> SLOTS, terminating::get);
    }

    @AfterEach
    void stop() {
        spark.stop();
    }

    private String next() throws InterruptedException {
        return done.poll(1, TimeUnit.MINUTES);
    }

    @Test
    void piecesAreDoneInTheirOrderWhenTrainingLeavesADeviceIdle() throws InterruptedException {
        try (IdleDevices idle = idle("FAIR")) {
            idle.add(List.of(() -> done.add("first"), () -> done.add("second")));
            idle.busy(SLOTS);
            assertThat(done).as("of no training nothing is known at first").isEmpty();

            idle.busy(SLOTS - 1);

            assertThat(next()).isEqualTo("first");
            assertThat(next()).isEqualTo("second");
        }
    }

    @Test
    void whatIsNotBegunWhenTrainingEndsIsLeftAndWhatIsBegunIsWaitedFor() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch trainingEnds = new CountDownLatch(1);
        try (IdleDevices idle = idle("FAIR")) {
            idle.add(List.of(
                    () -> {
                        begun.countDown();
                        try {
                            trainingEnds.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        done.add("begun");
                    },
                    () -> done.add("not begun")));
            idle.busy(0);
            begun.await();
            Thread waiting = new Thread(idle::await);
            waiting.start();
            while (waiting.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }

            trainingEnds.countDown();
            waiting.join();

            assertThat(done).containsExactly("begun");
        }
    }

    /** The log says why, unless the process is ending, which cancels all jobs. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPieceThatFailsLeavesTheRest(boolean ending) throws Exception {
        CompletableFuture<Thread> worker = new CompletableFuture<>();
        terminating.set(ending);
        try (LogLines log = new LogLines(IdleDevices.class, Level.INFO);
                IdleDevices idle = idle("FAIR")) {
            idle.add(List.of(
                    () -> {
                        worker.complete(Thread.currentThread());
                        throw new IllegalStateException("a task failed");
                    },
                    () -> done.add("rest")));
            idle.busy(0);
            worker.get().join();
            if (ending) {
                assertThat(log.all()).isEmpty();
            } else {
                assertThat(log.all())
                        .containsExactly("what was begun beside the training is left for later: a task failed");
            }
        }
        assertThat(done).isEmpty();
    }

    @Test
    void trainingThatFailsBreaksAPieceOff() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        try (IdleDevices idle = idle("FAIR")) {
            idle.add(List.of(() -> {
                begun.countDown();
                spark.parallelize(List.of(1), 1)
                        .map(one -> {
                            Thread.sleep(TimeUnit.HOURS.toMillis(1));
                            return one;
                        })
                        .collect();
            }));
            idle.busy(0);
            begun.await();
            while (spark.statusTracker().getActiveJobIds().length == 0) {
                Thread.onSpinWait();
            }
        }
        // Spark tells of the end of a job a little later. One that is not broken off ends after the limit of this test.
        while (spark.statusTracker().getActiveJobIds().length > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whereAllJobsAreInOneLineNothingIsDone() {
        try (IdleDevices idle = idle("FIFO")) {
            idle.add(List.of(() -> done.add("any")));
            idle.busy(0);
            idle.await();
        }
        assertThat(done).isEmpty();
    }
}
