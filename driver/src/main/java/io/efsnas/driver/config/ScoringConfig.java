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
 * @param recalibration by what batch norms normalise
 */
public record ScoringConfig(
        int batch,
        OptionalInt images,
        ScoredArchitectures architectures,
        int repeatedArchitectures,
        Recalibration recalibration) {

    private static final String ARCHITECTURES = "architectures";
    private static final String BATCH_NORM = "batch-norm";
    private static final String RECALIBRATION = "recalibration";
    private static final String BATCHES = "batches";

    /** By what batch norms normalise when a subnet is scored. */
    public enum BatchNorm {
        /** The statistics of the batch that is scored. */
        BATCH,
        /** Statistics that are taken on training images before. */
        RECALIBRATED
    }

    /**
     * Whether and how statistics are taken before a subnet is scored.
     *
     * @param training on how many training batches, at least 1
     */
    public record Recalibration(BatchNorm batchNorm, int training) {

        static Recalibration read(Section section) {
            return new Recalibration(
                    section.oneOf(BATCH_NORM, BatchNorm.class),
                    section.section(RECALIBRATION).intAtLeast(BATCHES, 1));
        }

        /** On how many training batches statistics are taken; 0 to score by those of each batch. */
        public int batches() {
            return batchNorm == BatchNorm.RECALIBRATED ? training : 0;
        }
    }

    static ScoringConfig read(Section section) {
        return new ScoringConfig(
                section.intAtLeast("batch", 2),
                section.intAtLeastOr("images", 2, "all"),
                ScoredArchitectures.read(section, ARCHITECTURES),
                section.intAtLeast("repeated-architectures", 0),
                Recalibration.read(section));
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
                repeatedArchitectures,
                BATCH_NORM,
                Key.of(recalibration.batchNorm),
                RECALIBRATION,
                Map.of(BATCHES, recalibration.training));
    }
}
