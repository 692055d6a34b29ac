package io.efsnas.driver.config;

import java.util.Map;
import java.util.OptionalInt;

/**
 * How subnets are scored.
 *
 * @param batch images in a batch
 * @param images how many validation images score each subnet; empty for all
 * @param architectures which architectures are scored with {@code selection.strategy = ranking}
 * @param repeatedArchitectures the largest number of each subspace's architectures that are measured a second time
 */
public record ScoringConfig(
        int batch, OptionalInt images, ScoredArchitectures architectures, int repeatedArchitectures) {

    private static final String ARCHITECTURES = "architectures";

    static ScoringConfig read(Section section) {
        return new ScoringConfig(
                section.intAtLeast("batch", 2),
                section.intAtLeastOr("images", 2, "all"),
                ScoredArchitectures.read(section, ARCHITECTURES),
                section.intAtLeast("repeated-architectures", 0));
    }

    Map<String, Object> toMap() {
        return Map.of(
                "batch",
                batch,
                "images",
                Section.orWord(images, "all"),
                ARCHITECTURES,
                architectures.value(),
                "repeated-architectures",
                repeatedArchitectures);
    }
}
