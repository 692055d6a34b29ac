package io.efsnas.driver;

import picocli.CommandLine.IVersionProvider;

/** The version of efsnas. */
final class Version implements IVersionProvider {

    /** That of the jar; {@code development} outside of one. */
    static String of() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"efsnas " + of()};
    }
}
