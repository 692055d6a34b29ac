package io.efsnas.driver.config;

import java.util.Map;
import java.util.OptionalInt;

/**
 * How subnets are scored.
 *
 * @param batch images in a batch
 * @param images of the validation part that score each subnet; empty for all
 * @param architectures that are scored with {@code selection.strategy = ranking}
 * @param repeatedArchitectures of each subspace, at most, whose accuracies are held against a second measurement
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
