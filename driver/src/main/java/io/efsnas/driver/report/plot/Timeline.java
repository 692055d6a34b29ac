package io.efsnas.driver.report.plot;

import io.efsnas.job.RoundReport;
import io.efsnas.job.TaskPlace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which device trained which supernet when. A device that trained several at a time has as many lanes.
 *
 * @param time since the first round began
 */
public record Timeline(Axis time, List<Lane> lanes) {

    /**
     * Rounds of one device that do not overlap.
     *
     * @param place host, executor and device, and which of the tasks there at a time
     */
    public record Lane(String place, List<Bar> bars) {}

    /**
     * A round.
     *
     * @param start where it begins on the axis
     * @param length its length on the axis
     */
    public record Bar(double start, double length, int colour, String title) {}

    private static final double MILLIS = 1e3;

    /**
     * What a device did of a round.
     *
     * @param begun in milliseconds since 1970
     * @param by the worker that did it, for a text; empty if there was one alone
     */
    private record Stretch(RoundReport round, TaskPlace place, long begun, double seconds, String by) {

        static Stream<Stretch> of(RoundReport round) {
            return round.workers().isEmpty()
                    ? Stream.of(new Stretch(round, round.place(), round.begun(), round.seconds(), ""))
                    : round.workers().stream()
                            .map(worker -> new Stretch(
                                    round,
                                    worker.place(),
                                    worker.begun(),
                                    worker.wallSeconds(),
                                    ", worker " + worker.worker() + " (" + worker.steps() + " steps)"));
        }

        double end() {
            return begun + seconds * MILLIS;
        }
    }

    /**
     * The timeline of some rounds.
     *
     * @param rounds in any order, at least one
     */
    public static Timeline of(List<RoundReport> rounds, Legend legend) {
        List<Stretch> all = rounds.stream().flatMap(Stretch::of).toList();
        long begun = all.stream().mapToLong(Stretch::begun).min().orElseThrow();
        double seconds = all.stream()
                .mapToDouble(stretch -> (stretch.end() - begun) / MILLIS)
                .max()
                .orElseThrow();
        double unit = seconds < 300 ? 1 : seconds < 3 * 3600 ? 60 : 3600;
        Axis time = new Axis(
                "time (" + (unit == 1 ? "seconds" : unit == 60 ? "minutes" : "hours") + ")",
                0,
                Math.max(seconds, 1e-3) / unit);
        Map<String, List<Stretch>> places = all.stream()
                .sorted(Comparator.comparingLong(Stretch::begun))
                .collect(Collectors.groupingBy(stretch -> name(stretch.place()), TreeMap::new, Collectors.toList()));
        List<Lane> lanes = new ArrayList<>();
        places.forEach((place, ran) -> {
            List<List<Stretch>> ofPlace = lanes(ran);
            for (List<Stretch> lane : ofPlace) {
                String task = ofPlace.size() == 1 ? "" : " · task " + (ofPlace.indexOf(lane) + 1);
                lanes.add(new Lane(
                        place + task,
                        lane.stream()
                                .map(stretch -> bar(stretch, begun, unit, time, legend))
                                .toList()));
            }
        });
        return new Timeline(time, lanes);
    }

    private static String name(TaskPlace place) {
        return place.host() + " · " + place.executor() + " · " + place.device();
    }

    /** Puts each round into the first lane that is free when it begins. */
    private static List<List<Stretch>> lanes(List<Stretch> byBegin) {
        List<List<Stretch>> lanes = new ArrayList<>();
        for (Stretch stretch : byBegin) {
            List<Stretch> free = lanes.stream()
                    .filter(lane -> lane.get(lane.size() - 1).end() <= stretch.begun())
                    .findFirst()
                    .orElseGet(() -> {
                        List<Stretch> added = new ArrayList<>();
                        lanes.add(added);
                        return added;
                    });
            free.add(stretch);
        }
        return lanes;
    }

    private static Bar bar(Stretch stretch, long begun, double unit, Axis time, Legend legend) {
        String node = stretch.round().metrics().node();
        return new Bar(
                time.at((stretch.begun() - begun) / MILLIS / unit),
                time.at(stretch.seconds() / unit),
                legend.colour(node),
                legend.label(node) + ", round " + (stretch.round().round() + 1) + stretch.by() + ": "
                        + Figures.duration(stretch.seconds()));
    }
}
