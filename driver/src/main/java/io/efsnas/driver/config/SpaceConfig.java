package io.efsnas.driver.config;

import io.efsnas.space.SearchSpace;
import io.efsnas.space.SearchSpaces;
import io.efsnas.split.Partition;
import io.efsnas.split.Subspace;
import java.util.List;
import java.util.Map;

/**
 * What is searched and how it is split.
 *
 * @param name of the search space
 * @param groups the counts of nonlinear functions of each subspace, those that {@code auto} stands for included
 */
public record SpaceConfig(String name, List<List<Integer>> groups) {

    static SpaceConfig read(Section section) {
        String name = section.oneOf("name", SearchSpaces.names());
        Partition partition = partition(section, SearchSpaces.named(name));
        return new SpaceConfig(
                name, partition.subspaces().stream().map(Subspace::counts).toList());
    }

    private static Partition partition(Section section, SearchSpace space) {
        int subspaces = section.intAtLeast("subspaces", 1);
        if (section.is("groups", "auto")) {
            try {
                return Partition.even(space, subspaces);
            } catch (IllegalArgumentException e) {
                throw section.refuse("subspaces", e.getMessage());
            }
        }
        String expected = "expected auto, or lists that have every count once, such as [[0, 1], [2], [3]]";
        List<List<Integer>> groups = section.intLists("groups", 0, expected);
        try {
            return Partition.of(space, groups);
        } catch (IllegalArgumentException e) {
            throw section.refuse("groups", e.getMessage() + "; " + expected);
        }
    }

    Map<String, Object> toMap() {
        return Map.of("name", name, "groups", groups, "subspaces", groups.size());
    }

    /** The space, split into these groups. */
    public Partition partition() {
        return Partition.of(SearchSpaces.named(name), groups);
    }
}
