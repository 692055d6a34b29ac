package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.process.Version;
import io.efsnas.driver.storage.Json;
import org.apache.spark.package$;

/**
 * What results come from.
 *
 * @param config the resolved configuration
 * @param data the images
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Producer(long seed, JsonNode config, Data data, Versions versions) {

    /** The images by their fingerprint alone. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Data(String fingerprint) {}

    /** The versions of what ran. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Versions(@JsonProperty(required = true) String efsnas, String spark, String java) {

        /** Those of this process. */
        public static Versions here() {
            return new Versions(
                    Version.of(),
                    package$.MODULE$.SPARK_VERSION(),
                    Runtime.version().toString());
        }
    }

    /** This process with a configuration and the images of a fingerprint. */
    public static Producer of(SearchConfig config, String fingerprint) {
        return new Producer(config.seed(), Json.parse(config.render()), new Data(fingerprint), Versions.here());
    }
}
