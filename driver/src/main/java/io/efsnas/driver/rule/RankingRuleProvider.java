package io.efsnas.driver.rule;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** Makes a {@link RankingRule} from its settings; found by {@link ServiceLoader}. */
public interface RankingRuleProvider {

    /** The name by which the configuration asks for it. */
    String name();

    /** The settings with their defaults, by key; there are no others. */
    Map<String, Object> defaults();

    /**
     * A rule.
     *
     * @param settings a value for each key of {@link #defaults}: text, numbers, booleans and lists of them
     * @throws IllegalArgumentException with the key of a setting that is not accepted, a colon, and what is
     */
    RankingRule create(Map<String, Object> settings);

    /** The names of all on the class path, sorted. */
    static List<String> names() {
        return all().stream().map(RankingRuleProvider::name).sorted().toList();
    }

    /**
     * The provider of a name.
     *
     * @throws IllegalArgumentException naming those on the class path
     */
    static RankingRuleProvider named(String name) {
        return all().stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no ranking rule '" + name + "'; known: " + String.join(", ", names())));
    }

    private static List<RankingRuleProvider> all() {
        return ServiceLoader.load(RankingRuleProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
