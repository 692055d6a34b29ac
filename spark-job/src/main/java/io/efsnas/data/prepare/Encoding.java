package io.efsnas.data.prepare;

import java.util.Locale;

/** How scaled images are stored. */
public enum Encoding {
    /** Every pixel as it was scaled. */
    PNG,
    /** With quality 95, in about a third of the space. */
    JPEG;

    /** The name in a command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
