package io.efsnas.space.mobilenet;

/**
 * The MobileNet space whose blocks have squeeze-and-excitation modules, as {@link MobileNetSpace} says. It is a class of its
 * own because {@link java.util.ServiceLoader} finds classes.
 */
public final class MobileNetSeSpace extends MobileNetSpace {

    private static final long serialVersionUID = 1;

    /** With the strides of the paper, which halve the resolution five times. */
    public MobileNetSeSpace() {
        super(Kind.SQUEEZE_AND_EXCITATION, 2);
    }
}
