package io.efsnas.driver.report.plot;

import io.efsnas.driver.report.plot.Plot.Point;
import io.efsnas.driver.report.plot.Plot.Series;
import io.efsnas.driver.run.FinalistsRecord;
import io.efsnas.driver.run.FinalistsRecord.Finalist;
import io.efsnas.driver.run.FinalistsRecord.State;
import io.efsnas.retraining.EpochReport;
import java.util.List;

/** The accuracy of every finalist on the held-out images, epoch by epoch; the winner has a colour of its own. */
public record FinalistCurves(Plot plot, List<Series> series) {

    private static final int WINNER = 0;
    private static final int OTHER = Legend.NEUTRAL;

    /** The curves of some finalists. */
    public static FinalistCurves of(FinalistsRecord record) {
        double[] accuracies = record.finalists().stream()
                .flatMap(finalist -> finalist.history().stream())
                .mapToDouble(epoch -> 100 * epoch.accuracy())
                .toArray();
        Plot plot =
                new Plot(new Axis("epochs", 0, record.epochs()), Axis.around("Validation accuracy (%)", accuracies));
        return new FinalistCurves(
                plot,
                record.finalists().stream()
                        .map(finalist -> series(plot, finalist))
                        .toList());
    }

    private static Series series(Plot plot, Finalist finalist) {
        List<Point> points =
                finalist.history().stream().map(FinalistCurves::point).toList();
        return new Series(
                "finalist " + finalist.rank(),
                finalist.state() == State.WINNER ? WINNER : OTHER,
                plot.line(points) + plot.dots(points));
    }

    private static Point point(EpochReport epoch) {
        return new Point(epoch.epoch(), 100 * epoch.accuracy());
    }
}
