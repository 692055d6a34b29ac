package io.efsnas.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RoundOrderTest {

    /** A cluster whose free devices take the supernet that was given out first, as Spark's queue of jobs does. */
    private static final class Cluster {

        private record End(long time, int supernet) {}

        private final RoundOrder order;
        private final int rounds;
        private final boolean lockstep;
        private final int devices;
        private final Random durations;
        private final int[] begun;
        private final int[] ended;
        private final int unevenAtFirst;
        private final List<List<Integer>> trained = new ArrayList<>();
        private final Queue<Integer> waiting = new ArrayDeque<>();
        private final PriorityQueue<End> running = new PriorityQueue<>(Comparator.comparingLong(End::time));

        Cluster(int rounds, List<Integer> done, boolean lockstep, int devices, long seed) {
            this.lockstep = lockstep;
            this.order = new RoundOrder(rounds, done, lockstep);
            this.rounds = rounds;
            this.devices = devices;
            this.durations = new Random(seed);
            this.begun = done.stream().mapToInt(Integer::intValue).toArray();
            this.ended = begun.clone();
            this.unevenAtFirst = Collections.max(done) - Collections.min(done);
            done.forEach(any -> trained.add(new ArrayList<>()));
        }

        List<List<Integer>> run() {
            long now = 0;
            begin(now);
            while (!running.isEmpty()) {
                End end = running.remove();
                now = end.time();
                ended[end.supernet()]++;
                order.ended(end.supernet());
                begin(now);
            }
            assertThat(order.allDone()).isTrue();
            assertThat(order.giveOut()).isEmpty();
            return trained;
        }

        private void begin(long now) {
            boolean any;
            do {
                waiting.addAll(order.giveOut());
                any = !waiting.isEmpty() && running.size() < devices;
                if (any) {
                    begin(now, waiting.remove());
                }
            } while (any);
            assertThat(running.size() < devices
                            && IntStream.range(0, begun.length).anyMatch(this::couldBegin))
                    .as("a device is free and a supernet could train")
                    .isFalse();
        }

        private void begin(long now, int supernet) {
            int round = order.roundOf(supernet);
            assertThat(couldBegin(supernet))
                    .as("supernet %d, round %d", supernet, round)
                    .isTrue();
            assertThat(round).isEqualTo(ended[supernet]);
            trained.get(supernet).add(round);
            begun[supernet]++;
            order.begun(supernet);
            int uneven = Arrays.stream(begun).max().orElseThrow()
                    - Arrays.stream(begun).min().orElseThrow();
            assertThat(uneven).as("rounds begun: %s", begun).isLessThanOrEqualTo(Math.max(1, unevenAtFirst));
            running.add(new End(now + 1 + durations.nextInt(durations.nextInt(5) == 0 ? 1000 : 10), supernet));
        }

        /**
         * The rule, anew: it is not training, has rounds left, and no other is a whole round behind, or in lockstep still
         * has to end a round that this one has ended.
         */
        private boolean couldBegin(int supernet) {
            return begun[supernet] == ended[supernet]
                    && ended[supernet] < rounds
                    && Arrays.stream(lockstep ? ended : begun).min().orElseThrow() >= ended[supernet];
        }
    }

    @Property(tries = 500)
    void supernetsTrainAllTheirRoundsInOrderAndNeverMoreThanOneApart(
            @ForAll @IntRange(min = 1, max = 7) int supernets,
            @ForAll @IntRange(min = 1, max = 9) int devices,
            @ForAll @IntRange(max = 8) int rounds,
            @ForAll boolean lockstep,
            @ForAll long seed) {
        List<Integer> none = Collections.nCopies(supernets, 0);
        assertThat(new Cluster(rounds, none, lockstep, devices, seed).run())
                .hasSize(supernets)
                .allSatisfy(trained -> assertThat(trained)
                        .isEqualTo(IntStream.range(0, rounds).boxed().toList()));
    }

    @Property(tries = 500)
    void supernetsThatAreBehindCatchUpBeforeTheOthersGoOn(
            @ForAll @Size(min = 1, max = 7) List<@IntRange(max = 8) Integer> done,
            @ForAll @IntRange(min = 1, max = 9) int devices,
            @ForAll boolean lockstep,
            @ForAll long seed) {
        List<List<Integer>> trained = new Cluster(8, done, lockstep, devices, seed).run();
        for (int supernet = 0; supernet < done.size(); supernet++) {
            assertThat(trained.get(supernet))
                    .isEqualTo(IntStream.range(done.get(supernet), 8).boxed().toList());
        }
    }

    @Test
    void theNextRoundIsGivenOutWhenTheSlowestSupernetHasBegunNotEnded() {
        RoundOrder order = new RoundOrder(3, List.of(0, 0, 0), false);
        assertThat(order.giveOut()).containsExactly(0, 1, 2);
        order.begun(0);
        order.begun(1);
        order.ended(0);
        assertThat(order.giveOut()).as("supernet 2 waits for a device").isEmpty();

        order.begun(2);
        assertThat(order.giveOut()).containsExactly(0);
        assertThat(order.roundOf(0)).isEqualTo(1);
        assertThat(order.giveOut()).isEmpty();
    }

    @Test
    void inLockstepTheNextRoundIsGivenOutWhenTheSlowestSupernetHasEnded() {
        RoundOrder order = new RoundOrder(3, List.of(0, 0), true);
        assertThat(order.giveOut()).containsExactly(0, 1);
        order.ended(0);
        order.begun(1);
        assertThat(order.giveOut()).isEmpty();

        order.ended(1);
        assertThat(order.giveOut()).containsExactly(0, 1);
    }

    @Test
    void allMayTrainAgainAfterUnevenRounds() {
        RoundOrder order = new RoundOrder(3, List.of(2, 1, 2), false);
        assertThat(order.giveOut()).containsExactly(1);

        order.begun(1);
        assertThat(order.giveOut()).containsExactly(0, 2);
        assertThat(order.allDone()).isFalse();
    }

    @Test
    void nothingIsLeftWhereAllIsDone() {
        RoundOrder order = new RoundOrder(2, List.of(2, 2), false);
        assertThat(order.allDone()).isTrue();
        assertThat(order.giveOut()).isEmpty();
    }
}
