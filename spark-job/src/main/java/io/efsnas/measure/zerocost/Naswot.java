package io.efsnas.measure.zerocost;

import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Needs;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.Activity;
import java.util.BitSet;
import java.util.List;

/**
 * How well the ReLUs of an untrained network tell images apart (Mellor, Turner, Storkey, Crowley, <i>Neural Architecture Search
 * without Training</i>, ICML 2021): ln|det K|, with K the number of units on which two images agree, by being both active or
 * both not.
 *
 * <p>A batch of noise goes in, as in the comparison by Lee and Ham (AZ-NAS, CVPR 2024), where the authors took images. Units
 * that do not reach the output do not count. One that several operations take counts for each of them, as if each had a ReLU
 * of its own. There is no value if two images agree on all units.
 */
public final class Naswot implements Measure {

    private static final long serialVersionUID = 1;

    @Override
    public String name() {
        return "naswot";
    }

    @Override
    public List<String> columns() {
        return List.of("naswot");
    }

    @Override
    public Needs needs() {
        return Needs.FRESH;
    }

    @Override
    public double[] of(Architecture architecture, MeasureContext context) {
        return new double[] {
            of(context.fresh().supernet().activity(context.fresh().noise(), architecture))
        };
    }

    static double of(List<Activity> activity) {
        int images = activity.get(0).ofImages().size();
        double[][] agreeing = new double[images][images];
        for (Activity each : activity) {
            for (int a = 0; a < images; a++) {
                for (int b = 0; b < images; b++) {
                    BitSet differing = (BitSet) each.ofImages().get(a).clone();
                    differing.xor(each.ofImages().get(b));
                    agreeing[a][b] += (double) each.uses() * (each.units() - differing.cardinality());
                }
            }
        }
        return Spectrum.logDeterminant(agreeing);
    }
}
