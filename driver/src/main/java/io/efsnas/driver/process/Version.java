package io.efsnas.driver.process;

import picocli.CommandLine.IVersionProvider;

/** The version of efsnas. */
public final class Version implements IVersionProvider {

    /** That of the jar; {@code development} outside of one. */
    public static String of() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"efsnas " + of()};
    }
}
