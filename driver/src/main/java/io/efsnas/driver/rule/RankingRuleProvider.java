package io.efsnas.driver.rule;

import io.efsnas.provider.Provider;
import io.efsnas.provider.Providers;
import io.efsnas.space.SearchSpace;
import java.util.List;
import java.util.Map;

/** Makes a {@link RankingRule} from its settings. */
public interface RankingRuleProvider extends Provider {

    /**
     * A rule.
     *
     * @param settings a value for each key of {@link #defaults}: text, numbers, booleans and lists of them
     * @throws IllegalArgumentException with the key of a setting that is not accepted, a colon, and what is
     */
    RankingRule create(Map<String, Object> settings);

    /**
     * The settings that count in a space: where the columns are those of {@link #defaults}, without those that no architecture
     * of the space can be measured by.
     */
    default Map<String, Object> suited(Map<String, Object> settings, SearchSpace space) {
        return settings;
    }

    /** The names of all on the class path, sorted. */
    static List<String> names() {
        return Providers.names(RankingRuleProvider.class);
    }

    /**
     * The provider of a name.
     *
     * @throws IllegalArgumentException naming those on the class path
     */
    static RankingRuleProvider named(String name) {
        return Providers.named(RankingRuleProvider.class, "ranking rule", name);
    }
}
