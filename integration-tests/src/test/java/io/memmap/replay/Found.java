package io.memmap.replay;

/**
 * What one reader made of a target.
 *
 * @param detail the error's message, or the numbers of what is neither old nor new
 */
record Found(State state, String detail) {

    /** How that compares with the write. */
    enum State {
        /** As it was before the write; nothing at all, where nothing was. */
        OLD,
        /** As the write was to make it; nothing at all, after a drop. */
        NEW,
        /** An error. */
        ERROR,
        /** Another array than these. */
        OTHER
    }

    boolean isWhole() {
        return state == State.OLD || state == State.NEW;
    }

    @Override
    public String toString() {
        return isWhole() ? state.name() : state + " (" + detail + ")";
    }
}
