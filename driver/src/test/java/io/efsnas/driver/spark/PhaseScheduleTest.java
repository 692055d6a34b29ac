package io.efsnas.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PhaseScheduleTest {

    /** Devices that train rounds of equal length for as many supernets at a time as they have workers for. */
    private static int turns(PhaseSchedule phase, int atATime) {
        RoundOrder order = new RoundOrder(phase.rounds(), Collections.nCopies(phase.supernets(), 0), phase.lockstep());
        Queue<Integer> waiting = new ArrayDeque<>();
        int turns = 0;
        while (!order.allDone()) {
            List<Integer> running = new ArrayList<>();
            waiting.addAll(order.giveOut());
            while (running.size() < atATime && !waiting.isEmpty()) {
                int next = waiting.remove();
                order.begun(next);
                running.add(next);
                waiting.addAll(order.giveOut());
            }
            running.forEach(order::ended);
            turns++;
        }
        return turns;
    }

    @Property(tries = 200)
    void efficiencyIsThatOfRoundsInTheirOrder(
            @ForAll @IntRange(min = 1, max = 9) int supernets,
            @ForAll @IntRange(min = 1, max = 12) int rounds,
            @ForAll boolean lockstep,
            @ForAll @IntRange(min = 1, max = 70) int devices,
            @ForAll @IntRange(min = 1, max = 70) int any) {
        PhaseSchedule phase = new PhaseSchedule(supernets, rounds, lockstep);
        int workers = 1 + any % devices;

        double roundsOfADevice = (double) turns(phase, devices / workers) / workers;

        assertThat(phase.efficiency(devices, workers))
                .isCloseTo(supernets * rounds / (roundsOfADevice * devices), within(1e-12))
                .isLessThanOrEqualTo(1 + 1e-12);
    }

    @Property(tries = 200)
    void fewestWorkersThatKeepDevicesBusyAreTaken(
            @ForAll @IntRange(min = 1, max = 9) int supernets,
            @ForAll @IntRange(min = 1, max = 12) int rounds,
            @ForAll @IntRange(min = 1, max = 70) int devices) {
        PhaseSchedule phase = new PhaseSchedule(supernets, rounds, false);

        int workers = phase.workers(devices);

        assertThat(phase.efficiency(devices, workers))
                .as("all of them for one supernet after another keep all busy")
                .isGreaterThanOrEqualTo(0.95);
        for (int fewer = 1; fewer < workers; fewer++) {
            assertThat(phase.efficiency(devices, fewer)).isLessThan(0.95);
        }
    }

    @Test
    void aWarmStartHasAllWorkersAndThreeSupernetsAfterItShareThem() {
        PhaseSchedule warmStart = new PhaseSchedule(1, 12, false);
        PhaseSchedule parts = new PhaseSchedule(3, 13, false);

        assertThat(List.of(1, 2, 3, 6).stream().map(warmStart::workers)).containsExactly(1, 2, 3, 6);
        assertThat(List.of(1, 2, 3, 6, 64).stream().map(parts::workers)).containsExactly(1, 1, 1, 2, 21);
    }
}
