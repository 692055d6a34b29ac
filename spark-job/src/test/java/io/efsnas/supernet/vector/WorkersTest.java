package io.efsnas.supernet.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkersTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void everyGroupIsWorkedOnOnceInEachOfManyShortRounds(int threads) {
        try (Workers workers = new Workers(threads)) {
            for (int round = 0; round < 2000; round++) {
                int groups = round % 9;
                // Plain memory, as the kernels have it: whoever returns must see what the others wrote.
                int[] times = new int[10];
                workers.forEachGroup(groups, group -> times[group]++);
                for (int group = 0; group < times.length; group++) {
                    assertThat(times[group])
                            .as("round %d, group %d", round, group)
                            .isEqualTo(group < groups ? 1 : 0);
                }
            }
        }
    }

    @Test
    void everyGroupIsWorkedOnOnceWhereOthersUseTheProcessorsToo() throws InterruptedException {
        AtomicIntegerArray failures = new AtomicIntegerArray(4);
        Thread[] callers = new Thread[failures.length()];
        for (int caller = 0; caller < callers.length; caller++) {
            int number = caller;
            failures.set(number, 1);
            callers[caller] = new Thread(() -> {
                try (Workers workers = new Workers(3)) {
                    for (int round = 0; round < 200; round++) {
                        int[] times = new int[7];
                        workers.forEachGroup(7, group -> times[group]++);
                        assertThat(times).containsOnly(1);
                    }
                }
                failures.set(number, 0);
            });
            callers[caller].start();
        }
        for (int caller = 0; caller < callers.length; caller++) {
            callers[caller].join();
            assertThat(failures.get(caller)).as("caller %d", caller).isZero();
        }
    }

    @Test
    void groupsAreWorkedOnAtTheSameTime() {
        try (Workers workers = new Workers(3)) {
            CountDownLatch allThere = new CountDownLatch(3);
            workers.forEachGroup(3, group -> {
                allThere.countDown();
                await(allThere);
            });
            assertThat(allThere.getCount()).isZero();
        }
    }

    /** Helpers park after some time without work; a round after that must wake them. */
    @Test
    void helpersThatSleepAreWoken() throws InterruptedException {
        Set<Thread> before = vectorThreads();
        try (Workers workers = new Workers(2)) {
            Thread helper = newThreads(before).iterator().next();
            for (int round = 0; round < 3; round++) {
                while (helper.getState() != Thread.State.WAITING) {
                    Thread.sleep(1);
                }
                CountDownLatch bothThere = new CountDownLatch(2);
                workers.forEachGroup(2, group -> {
                    bothThere.countDown();
                    await(bothThere);
                });
                assertThat(bothThere.getCount()).isZero();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aFailureReachesTheCallerAfterTheOtherGroupsAndTheNextRoundIsAsUsual(int threads) {
        try (Workers workers = new Workers(threads)) {
            for (int failing = 0; failing < 6; failing++) {
                int bad = failing;
                AtomicIntegerArray times = new AtomicIntegerArray(6);
                assertThatExceptionOfType(IllegalStateException.class)
                        .isThrownBy(() -> workers.forEachGroup(6, group -> {
                            times.incrementAndGet(group);
                            if (group == bad) {
                                throw new ArithmeticException("group " + group);
                            }
                        }))
                        .withMessage("a kernel failed: java.lang.ArithmeticException: group " + bad)
                        .withCauseExactlyInstanceOf(ArithmeticException.class);
                for (int group = 0; group < 6; group++) {
                    assertThat(times.get(group)).isEqualTo(1);
                }
                workers.forEachGroup(6, times::incrementAndGet);
                for (int group = 0; group < 6; group++) {
                    assertThat(times.get(group)).isEqualTo(2);
                }
            }
        }
    }

    @Test
    void anErrorReachesTheCallerToo() {
        try (Workers workers = new Workers(2)) {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> workers.forEachGroup(4, group -> {
                        throw new StackOverflowError();
                    }))
                    .withCauseExactlyInstanceOf(StackOverflowError.class);
        }
    }

    @Test
    void closingEndsTheThreads() throws InterruptedException {
        Set<Thread> before = vectorThreads();
        Workers workers = new Workers(4);
        Set<Thread> helpers = newThreads(before);
        assertThat(helpers).hasSize(3).allMatch(Thread::isDaemon);
        workers.forEachGroup(8, group -> {});

        workers.close();

        for (Thread helper : helpers) {
            helper.join(60_000);
            assertThat(helper.isAlive()).isFalse();
        }
    }

    private static Set<Thread> newThreads(Set<Thread> before) {
        Set<Thread> threads = vectorThreads();
        threads.removeAll(before);
        return threads;
    }

    private static Set<Thread> vectorThreads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !thread.getName().startsWith("efsnas-vector-"));
        return threads;
    }
}
