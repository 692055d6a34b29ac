package io.efsnas.driver.spark;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Which supernets may begin their next round. A supernet begins a round only when every other has at least begun the
 * round before, so that the rounds two supernets work on differ by one at most, and a device that becomes free need not
 * wait for the slowest supernet to end its round. In lockstep, it begins a round only when every other has ended the
 * round before. Not safe for use by several threads.
 */
final class RoundOrder {

    private final int rounds;
    private final boolean lockstep;
    /** Rounds ended, begun and given out, by supernet. */
    private final int[] ended;

    private final int[] begun;
    private final int[] given;

    /**
     * @param rounds the number of rounds of each supernet
     * @param done how many rounds of each supernet an earlier run has done
     * @param lockstep whether a round needs what all supernets have learned in the round before
     */
    RoundOrder(int rounds, List<Integer> done, boolean lockstep) {
        this.rounds = rounds;
        this.lockstep = lockstep;
        this.ended = done.stream().mapToInt(Integer::intValue).toArray();
        this.begun = ended.clone();
        this.given = ended.clone();
    }

    /** Gives out the supernets that may now begin their next round, those that are behind first. */
    List<Integer> giveOut() {
        List<Integer> ready = IntStream.range(0, given.length)
                .filter(this::mayBegin)
                .boxed()
                .sorted((a, b) -> Integer.compare(given[a], given[b]))
                .toList();
        ready.forEach(supernet -> given[supernet]++);
        return ready;
    }

    private boolean mayBegin(int supernet) {
        int next = ended[supernet];
        return next < rounds
                && given[supernet] == next
                && IntStream.of(lockstep ? ended : begun).allMatch(others -> others >= next);
    }

    /** The round that a supernet was last given, from 0. */
    int roundOf(int supernet) {
        return given[supernet] - 1;
    }

    void begun(int supernet) {
        begun[supernet] = given[supernet];
    }

    void ended(int supernet) {
        begun(supernet);
        ended[supernet] = given[supernet];
    }

    boolean allDone() {
        return IntStream.of(ended).allMatch(count -> count == rounds);
    }
}
