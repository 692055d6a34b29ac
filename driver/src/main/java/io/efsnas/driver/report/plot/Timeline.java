package io.efsnas.driver.report.plot;

import io.efsnas.job.RoundReport;
import io.efsnas.job.TaskPlace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
     * The timeline of some rounds.
     *
     * @param rounds in any order, at least one
     */
    public static Timeline of(List<RoundReport> rounds, Legend legend) {
        long begun = rounds.stream().mapToLong(RoundReport::begun).min().orElseThrow();
        double seconds = rounds.stream()
                .mapToDouble(round -> (round.begun() - begun) / MILLIS + round.seconds())
                .max()
                .orElseThrow();
        double unit = seconds < 300 ? 1 : seconds < 3 * 3600 ? 60 : 3600;
        Axis time = new Axis(
                "time (" + (unit == 1 ? "seconds" : unit == 60 ? "minutes" : "hours") + ")",
                0,
                Math.max(seconds, 1e-3) / unit);
        Map<String, List<RoundReport>> places = rounds.stream()
                .sorted(Comparator.comparingLong(RoundReport::begun))
                .collect(Collectors.groupingBy(round -> name(round.place()), TreeMap::new, Collectors.toList()));
        List<Lane> lanes = new ArrayList<>();
        places.forEach((place, ran) -> {
            List<List<RoundReport>> ofPlace = lanes(ran);
            for (List<RoundReport> lane : ofPlace) {
                String task = ofPlace.size() == 1 ? "" : " · task " + (ofPlace.indexOf(lane) + 1);
                lanes.add(new Lane(
                        place + task,
                        lane.stream()
                                .map(round -> bar(round, begun, unit, time, legend))
                                .toList()));
            }
        });
        return new Timeline(time, lanes);
    }

    private static String name(TaskPlace place) {
        return place.host() + " · " + place.executor() + " · " + place.device();
    }

    /** Puts each round into the first lane that is free when it begins. */
    private static List<List<RoundReport>> lanes(List<RoundReport> byBegin) {
        List<List<RoundReport>> lanes = new ArrayList<>();
        for (RoundReport round : byBegin) {
            List<RoundReport> free = lanes.stream()
                    .filter(lane -> end(lane.get(lane.size() - 1)) <= round.begun())
                    .findFirst()
                    .orElseGet(() -> {
                        List<RoundReport> added = new ArrayList<>();
                        lanes.add(added);
                        return added;
                    });
            free.add(round);
        }
        return lanes;
    }

    private static double end(RoundReport round) {
        return round.begun() + round.seconds() * MILLIS;
    }

    private static Bar bar(RoundReport round, long begun, double unit, Axis time, Legend legend) {
        String node = round.metrics().node();
        return new Bar(
                time.at((round.begun() - begun) / MILLIS / unit),
                time.at(round.seconds() / unit),
                legend.colour(node),
                legend.label(node) + ", round " + (round.round() + 1) + ": " + Figures.duration(round.seconds()));
    }
}
