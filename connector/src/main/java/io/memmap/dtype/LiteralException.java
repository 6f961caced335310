package io.memmap.dtype;

/** A text is no literal of the closed grammar of {@link Literal}. Callers add the file or option that held it. */
public final class LiteralException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int position;
    private final String found;
    private final String expected;

    LiteralException(int position, String found, String expected) {
        super("Cannot parse a literal: found " + found + " at character " + position + ", expected " + expected);
        this.position = position;
        this.found = found;
        this.expected = expected;
    }

    /** The index of the character that does not fit, from 0; the length of the text when the text ends too early. */
    public int position() {
        return position;
    }

    /** The message without its first words, {@code found … at character 3, expected …}, to be put into another one. */
    public String problem() {
        return problem("at character " + position);
    }

    /** The same, with the caller's own words for the place: {@code found … at byte 13, expected …}. */
    public String problem(String place) {
        return "found " + found + " " + place + ", expected " + expected;
    }
}
