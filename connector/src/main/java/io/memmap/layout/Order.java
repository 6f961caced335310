package io.memmap.layout;

/** Which axis varies slowest in a file: C has axis 0 outermost, Fortran innermost. */
public enum Order {
    C,
    F;

    /** The order of the transposed array over the same bytes. */
    public Order transpose() {
        return this == C ? F : C;
    }
}
