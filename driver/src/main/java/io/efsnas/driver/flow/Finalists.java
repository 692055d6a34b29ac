package io.efsnas.driver.flow;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.ranking.RankingFile;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunFile;
import io.efsnas.space.Architecture;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The first of a ranking. */
final class Finalists {

    private Finalists() {}

    /**
     * The first that meet the limits, of those whose networks are the same the first alone.
     *
     * @param count how many
     * @throws UserMistake if there is no ranking, or not so many in it
     */
    static List<RankedSubnet> of(SearchPlan plan, RunDirectory search, int count) {
        if (!search.has(RunFile.RANKING)) {
            throw new UserMistake("retrain.top: " + search + " has no " + RunFile.RANKING.fileName()
                    + " yet; finish the search first, or set retrain.top = 1 and give --architecture");
        }
        Set<Architecture> networks = new HashSet<>();
        List<RankedSubnet> allowed =
                RankingFile.readCsv(search.files(), search.path(RunFile.RANKING), plan.space()).subnets().stream()
                        .filter(subnet -> plan.limits().metBy(subnet::value))
                        .filter(subnet -> networks.add(plan.space().live(subnet.architecture())))
                        .toList();
        if (allowed.size() < count) {
            throw new UserMistake("retrain.top: " + count + " is not accepted; expected at most the " + allowed.size()
                    + " different networks within the limits that " + search + " has ranked");
        }
        return allowed.subList(0, count);
    }
}
