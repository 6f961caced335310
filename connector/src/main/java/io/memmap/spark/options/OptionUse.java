package io.memmap.spark.options;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The operations that an option is for; any other would ignore it, and refuses it. */
public enum OptionUse {
    READ(Operation.READ),
    WRITE(Operation.CREATE, Operation.CHANGE),
    /** Files that are there: reading them, appending to them, updating them. */
    EXISTING(Operation.READ, Operation.CHANGE),
    BOTH(Operation.READ, Operation.CREATE, Operation.CHANGE);

    /** An operation on the files of one path. */
    public enum Operation {
        READ("read"),
        /** A write of new files, in place of those that are there if any. */
        CREATE("write new files"),
        /** An append or an update. */
        CHANGE("append or update");

        private final String text;

        Operation(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private final Set<Operation> operations;

    OptionUse(Operation first, Operation... others) {
        this.operations = EnumSet.of(first, others);
    }

    boolean allows(Operation operation) {
        return operations.contains(operation);
    }

    /** The text of the options table: {@code read}, {@code write}, {@code existing}, {@code both}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
