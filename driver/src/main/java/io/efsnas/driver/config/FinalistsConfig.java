package io.efsnas.driver.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * How many of the ranking are trained from scratch, and which of them to the end.
 *
 * @param top how many are trained; with 1, the selected architecture alone
 * @param halving how many train in each stage; empty for one stage of all
 * @param shares the share of the epochs at which each stage ends; empty for shares that double from stage to stage
 * @param heldOut the number of images of the validation part that judge them; empty for a tenth of all that train
 */
public record FinalistsConfig(int top, List<Integer> halving, List<Double> shares, OptionalInt heldOut) {

    /**
     * Some networks that train up to an epoch, before the best of them go on.
     *
     * @param until the number of epochs, of all stages so far
     */
    public record Stage(int networks, int until) {}

    private static final int TENTH = 10;

    public FinalistsConfig {
        halving = List.copyOf(halving);
        shares = List.copyOf(shares);
    }

    static FinalistsConfig read(Section section) {
        FinalistsConfig config = new FinalistsConfig(
                section.intAtLeast("top", 1),
                section.is("halving", "none") ? List.of() : section.ints("halving", 1, halvingExpected(section)),
                section.is("halving-shares", "auto") ? List.of() : section.numbers("halving-shares"),
                section.intAtLeastOr("held-out", 1, "auto"));
        config.requireAgreement(section);
        return config;
    }

    private static String halvingExpected(Section section) {
        return "expected none, or numbers of networks that fall from retrain.top = " + section.intAtLeast("top", 1)
                + ", such as [10, 4, 1]";
    }

    private void requireAgreement(Section section) {
        boolean falls = IntStream.range(1, halving.size()).allMatch(i -> halving.get(i) < halving.get(i - 1));
        if (!falls || (halves() && halving.get(0) != top)) {
            throw section.refuse("halving", halvingExpected(section));
        }
        boolean rises =
                IntStream.range(0, shares.size()).allMatch(i -> shares.get(i) > (i == 0 ? 0 : shares.get(i - 1)));
        boolean toOne = shares.isEmpty() || shares.get(shares.size() - 1) == 1;
        if (!rises || !toOne || (halves() && !shares.isEmpty() && shares.size() != halving.size())) {
            throw section.refuse(
                    "halving-shares",
                    "expected auto, or a share of the epochs for each number of retrain.halving, rising to 1, such as"
                            + " [0.2, 0.5, 1]");
        }
    }

    private boolean halves() {
        return areSeveral() && !halving.isEmpty();
    }

    /** Whether there are several. */
    public boolean areSeveral() {
        return top > 1;
    }

    /** The stages of a training of so many epochs. */
    public List<Stage> stages(int epochs) {
        if (!halves()) {
            return List.of(new Stage(top, epochs));
        }
        List<Stage> stages = new ArrayList<>();
        for (int i = 0; i < halving.size(); i++) {
            double share = shares.isEmpty() ? Math.pow(2, i + 1.0 - halving.size()) : shares.get(i);
            stages.add(new Stage(halving.get(i), (int) Math.max(1, Math.round(share * epochs))));
        }
        return stages;
    }

    /** How many images judge, of those that train and those of the validation part. */
    public int heldOut(int train, int validation) {
        return heldOut.orElse(Math.max(1, Math.min(validation, (train + validation) / TENTH)));
    }

    void putInto(Map<String, Object> map) {
        map.put("top", top);
        map.put("halving", halving.isEmpty() ? "none" : halving);
        map.put("halving-shares", shares.isEmpty() ? "auto" : shares);
        map.put("held-out", Section.orWord(heldOut, "auto"));
    }
}
