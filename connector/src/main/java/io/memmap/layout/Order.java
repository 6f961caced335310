package io.memmap.layout;

/** The order of the axes in a file: C has axis 0 outermost, Fortran innermost. */
public enum Order {
    C,
    F;

    /** The order of the transposed array over the same bytes. */
    public Order transpose() {
        return this == C ? F : C;
    }
}
