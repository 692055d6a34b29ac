package io.efsnas.driver.selection;

import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.run.SelectionRecord;
import io.efsnas.network.Cost;
import java.util.OptionalLong;

/**
 * What the selected architecture may cost at most; an empty limit allows any cost.
 *
 * @param flops multiply-adds for one image
 * @param parameters learned values
 */
public record Limits(OptionalLong flops, OptionalLong parameters) {

    public static final Limits NONE = new Limits(OptionalLong.empty(), OptionalLong.empty());

    public Limits {
        if (flops.orElse(1) < 1 || parameters.orElse(1) < 1) {
            throw new IllegalArgumentException("a limit must be at least 1, not " + text(flops, parameters));
        }
    }

    boolean exceededInFlops(RankedSubnet subnet) {
        return subnet.value(Columns.FLOPS) > flops.orElse(Long.MAX_VALUE);
    }

    boolean exceededInParameters(RankedSubnet subnet) {
        return subnet.value(Columns.PARAMETERS) > parameters.orElse(Long.MAX_VALUE);
    }

    /** Whether an architecture of this cost may be selected. */
    public boolean keptBy(Cost cost) {
        return cost.flops() <= flops.orElse(Long.MAX_VALUE) && cost.parameters() <= parameters.orElse(Long.MAX_VALUE);
    }

    boolean keptBy(RankedSubnet subnet) {
        return !exceededInFlops(subnet) && !exceededInParameters(subnet);
    }

    /** Such as {@code 60000000 FLOPs and any number of parameters}. */
    @Override
    public String toString() {
        return text(flops, parameters);
    }

    private static String text(OptionalLong flops, OptionalLong parameters) {
        return amount(flops) + " FLOPs and " + amount(parameters) + " parameters";
    }

    private static String amount(OptionalLong limit) {
        return limit.isPresent() ? Long.toString(limit.getAsLong()) : "any number of";
    }

    /** As {@code selection.json} has them. */
    SelectionRecord.Limits toRecord() {
        return new SelectionRecord.Limits(
                flops.isPresent() ? flops.getAsLong() : null, parameters.isPresent() ? parameters.getAsLong() : null);
    }
}
