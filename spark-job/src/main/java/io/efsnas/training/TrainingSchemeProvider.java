package io.efsnas.training;

import io.efsnas.provider.Provider;
import io.efsnas.provider.Providers;
import java.util.List;

/** Makes a {@link TrainingScheme} from its settings. */
public interface TrainingSchemeProvider extends Provider {

    /**
     * A scheme in its state before the first step of a supernet.
     *
     * @param spec a spec with a value for each key of {@link #defaults}
     * @throws IllegalArgumentException with the key of a setting that is not accepted, a colon, and what is; or saying
     *     what else does not go with the scheme
     */
    TrainingScheme create(SchemeSpec spec);

    /** The names of all on the class path. */
    static List<String> names() {
        return Providers.names(TrainingSchemeProvider.class);
    }

    /**
     * The provider of a name.
     *
     * @throws IllegalArgumentException naming those on the class path
     */
    static TrainingSchemeProvider named(String name) {
        return Providers.named(TrainingSchemeProvider.class, "training scheme", name);
    }
}
