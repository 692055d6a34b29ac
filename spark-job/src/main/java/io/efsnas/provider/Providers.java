package io.efsnas.provider;

import java.util.List;
import java.util.ServiceLoader;

/** Finds the providers of strategies on the class path. */
public final class Providers {

    private Providers() {}

    /** The names of all providers of a kind, sorted. */
    public static List<String> names(Class<? extends Provider> kind) {
        return all(kind).stream().map(Provider::name).sorted().toList();
    }

    /**
     * The provider of a kind that has a name.
     *
     * @param what a word for the kind, such as {@code splitter}
     * @throws IllegalArgumentException naming those on the class path
     */
    public static <P extends Provider> P named(Class<P> kind, String what, String name) {
        return all(kind).stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no " + what + " '" + name + "'; known: " + String.join(", ", names(kind))));
    }

    /** All providers of a kind. */
    public static <P extends Provider> List<P> all(Class<P> kind) {
        return ServiceLoader.load(kind).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
