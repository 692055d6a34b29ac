package io.efsnas.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Shape;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BatchQueueTest {

    private static final ImageSet IMAGES = TestImages.numbered(new Shape(1, 4, 4), 30);
    private static final TrainingBatches BATCHES =
            new TrainingBatches(IMAGES, Normalization.of(IMAGES), 7, new Augmentation(true, 1), 1, 0);

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 100})
    void givesTheBatchesOfItsStepsInOrder(int depth) {
        try (BatchQueue<Batch> queue = new BatchQueue<>(BATCHES::batch, 3, 20, depth)) {
            for (long step = 3; step < 20; step++) {
                assertThat(queue.hasNext()).isTrue();
                assertThat(queue.next()).usingRecursiveComparison().isEqualTo(BATCHES.batch(step));
            }
            assertThat(queue.hasNext()).isFalse();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(queue::next);
        }
    }

    @Test
    void hasNothingToGiveWithoutSteps() {
        try (BatchQueue<Batch> queue = new BatchQueue<>(BATCHES::batch, 5, 5, 4)) {
            assertThat(queue.hasNext()).isFalse();
        }
    }

    @Test
    void preparesBatchesBeforeTheyAreAskedForButNoMoreThanItsDepth() throws InterruptedException {
        CountDownLatch prepared = new CountDownLatch(3);
        AtomicLong made = new AtomicLong();
        try (BatchQueue<Batch> queue = new BatchQueue<>(
                step -> {
                    made.incrementAndGet();
                    prepared.countDown();
                    return BATCHES.batch(step);
                },
                0,
                1_000,
                3)) {
            prepared.await();
            for (int taken = 0; taken < 100; taken++) {
                assertThat(made.get()).isLessThanOrEqualTo(taken + 3);
                queue.next();
            }
        }
    }

    @Test
    void closingEndsItsDaemonThreadEvenInTheMiddleOfABatch() throws Exception {
        CompletableFuture<Thread> producer = new CompletableFuture<>();
        BatchQueue<Batch> queue = new BatchQueue<>(
                step -> {
                    producer.complete(Thread.currentThread());
                    return waitForever();
                },
                0,
                10,
                4);
        Thread thread = producer.get();
        assertThat(thread.isDaemon()).isTrue();

        queue.close();

        thread.join();
        assertThat(queue.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(queue::next);
    }

    @Test
    void whatMakingABatchThrowsIsThrownAsItIs() {
        IllegalStateException exception = new IllegalStateException("step 1");
        AssertionError error = new AssertionError("step 2");
        try (BatchQueue<Batch> queue = new BatchQueue<>(
                step -> {
                    if (step == 1) {
                        throw exception;
                    }
                    if (step == 2) {
                        throw error;
                    }
                    return BATCHES.batch(step);
                },
                0,
                10,
                4)) {
            assertThat(queue.next().size()).isEqualTo(7);
            assertThat(catchThrowable(queue::next)).isSameAs(exception);
            assertThat(catchThrowable(queue::next)).isSameAs(error);
        }
    }

    @Test
    void anInterruptedThreadStopsWaitingAndStaysInterrupted() {
        try (BatchQueue<Batch> queue = new BatchQueue<>(step -> waitForever(), 0, 10, 4)) {
            Thread.currentThread().interrupt();

            assertThatExceptionOfType(CancellationException.class).isThrownBy(queue::next);

            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void refusesToMakeNothingAhead() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchQueue<>(BATCHES::batch, 0, 10, 0))
                .withMessage("at least 1 batch must be made ahead, not 0");
    }

    private static Batch waitForever() {
        try {
            new CountDownLatch(1).await();
            throw new AssertionError("nobody counts down");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
