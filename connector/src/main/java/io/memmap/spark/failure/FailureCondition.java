package io.memmap.spark.failure;

import io.memmap.dtype.ValueException;
import io.memmap.format.NpyFormatException;
import io.memmap.format.UndescribedFileException;
import io.memmap.format.UnreadableMemberException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;

/**
 * The conditions of {@link MemmapException}: a closed set that users may compare with, derived from the type of the plain
 * exception and from nothing else.
 */
enum FailureCondition {
    FILE_NOT_FOUND("42K03", FileNotFoundException.class, NoSuchFileException.class),
    FILE_EXISTS("42K04", FileAlreadyExistsException.class),
    ACCESS_DENIED("42501", AccessDeniedException.class),
    UNDESCRIBED_FILE("22023", UndescribedFileException.class),
    BAD_FILE("22000", NpyFormatException.class, UnreadableMemberException.class),
    BAD_VALUE("22000", ValueException.class, ArithmeticException.class),
    UNSUPPORTED("0A000", UnsupportedOperationException.class),
    BAD_ARGUMENT("22023", IllegalArgumentException.class),
    IO_ERROR("58030", IOException.class),
    INTERNAL("XX000", Throwable.class);

    /** The conditions that a cause may decide; the others are those of the outermost exception only. */
    private static final List<FailureCondition> OF_CAUSES =
            List.of(FILE_NOT_FOUND, FILE_EXISTS, ACCESS_DENIED, UNDESCRIBED_FILE, BAD_FILE, BAD_VALUE);

    private final String sqlState;
    private final List<Class<?>> types;

    FailureCondition(String sqlState, Class<?>... types) {
        this.sqlState = sqlState;
        this.types = List.of(types);
    }

    static FailureCondition of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            for (FailureCondition condition : OF_CAUSES) {
                if (condition.isOf(cause)) {
                    return condition;
                }
            }
        }
        return Arrays.stream(values())
                .filter(condition -> condition.isOf(thrown))
                .findFirst()
                .orElse(INTERNAL);
    }

    private boolean isOf(Throwable thrown) {
        return types.stream().anyMatch(type -> type.isInstance(thrown));
    }

    /** The name that Spark shows, {@code MEMMAP_FILE_NOT_FOUND}. */
    String shown() {
        return "MEMMAP_" + name();
    }

    String sqlState() {
        return sqlState;
    }
}
