package io.efsnas.driver.ranking;

/**
 * How much a prior, the rank of an architecture by its live parameters, is to count beside its rank by accuracy. Decided
 * by what the supernets themselves show of their accuracies, never by true ones.
 *
 * <p>The ranks by accuracy, {@code a}, are taken for a noisy measurement of the ranks that the supernets would give
 * without chance, {@code t}. Their reliability {@code r} is the share of the variance of {@code a} that is {@code t}'s,
 * so that {@code corr(a, t) = sqrt(r)}; and the correlation of the prior {@code p} with {@code t} is the observed
 * {@code c = corr(a, p)} corrected for attenuation (Spearman, 1904), {@code c / sqrt(r)}. The best linear predictor of
 * {@code t} from {@code a} and {@code p} then weighs them, by the normal equations of standardized variables, as
 * {@code r - c * c} to {@code c * (1 - r)}: the less reliable the accuracy, the more the prior counts.
 *
 * <p>It is assumed that the supernets err by chance only. What all measurements share, such as subnets that learn faster
 * than others, shows in no reliability: the weight is rather too small than too large. It is held to at most 1, where both
 * ranks count the same, which is the robust choice where nothing tells which predictor is the better (Dawes, <i>The
 * robust beauty of improper linear models</i>, 1979).
 */
public final class PriorWeight {

    private static final double EQUAL = 1;

    private PriorWeight() {}

    /**
     * The weight of the prior's rank where the rank by accuracy has 1, from 0 to 1.
     *
     * @param reliability of the ranks by accuracy, at most 1; not a number if unknown, for a weight of 1
     * @param correlation of both ranks; there is no weight for a prior that the accuracies do not agree with at all
     */
    public static double of(double reliability, double correlation) {
        if (Double.isNaN(reliability)) {
            return EQUAL;
        }
        if (!(correlation > 0)) {
            return 0;
        }
        double own = reliability - correlation * correlation;
        return own <= 0 ? EQUAL : Math.min(EQUAL, correlation * (1 - reliability) / own);
    }
}
