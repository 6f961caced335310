package io.memmap.spark.failure;

import io.memmap.storage.GivenSecrets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.SparkThrowable;

/**
 * The one exception that Spark and its users see of this source. Its message is one line; its condition, one of a
 * closed set such as {@code MEMMAP_FILE_NOT_FOUND}, names the kind of failure. The plain exception is the cause.
 *
 * <p>It is an {@code IllegalArgumentException}, by which PySpark recognises what it shows as one line, and a
 * {@code SparkThrowable} with a condition, which Spark 4 hands from a failed task to the user as it is. Crosses the wire.
 */
public final class MemmapException extends IllegalArgumentException implements SparkThrowable {
    private static final long serialVersionUID = 1L;

    /** Messages of this source say all; any other needs its type beside it. */
    private static final Pattern OURS = Pattern.compile("Cannot |Already closed: ");

    /** Advice on refusals of the operating system, by the first words of their texts. */
    private static final Map<String, String> ADVICE = Map.of(
            "Operation not permitted",
            "it may be immutable, or its file system may not support the operation",
            "Too many levels of symbolic links",
            "correct the link",
            "Too many open files",
            "each task has the files of its rows open, of arrays side by side one for each column: raise the limit of open"
                    + " files (ulimit -n), or use fewer columns",
            "Too many open files in system",
            "the machine has as many open as it allows (fs.file-max), try again when other programs have ended");

    private static final String CONNECT_ERRORS = "org.apache.spark.sql.connect.utils.ErrorUtils";

    private final FailureCondition condition;

    private MemmapException(String message, Throwable cause, FailureCondition condition) {
        super(message, cause);
        this.condition = condition;
    }

    /**
     * A failure with this cause.
     *
     * @param message the cause's own, or one that says more; null if there is none
     */
    static MemmapException of(Throwable cause, String message) {
        boolean ours = message != null && OURS.matcher(message).lookingAt();
        String line = GivenSecrets.hidden(ours ? message : said(cause)).replaceAll("\\s*\\R\\s*", " ");
        return new MemmapException(line.strip(), GivenSecrets.hidden(cause), FailureCondition.of(cause));
    }

    /** The text of an exception that is not ours: in words, if it repeats a refusal of the operating system. */
    private static String said(Throwable thrown) {
        for (Throwable cause = thrown; cause != null && thrown.getMessage() != null; cause = cause.getCause()) {
            if (cause instanceof FileSystemException refused
                    && refused.getFile() != null
                    && thrown.getMessage().startsWith(refused.getMessage())) {
                return said(refused)
                        + thrown.getMessage().substring(refused.getMessage().length());
            }
        }
        return thrown.toString();
    }

    /** The JDK's own message may be the path alone. */
    private static String said(FileSystemException refused) {
        String other = refused.getOtherFile() == null ? "" : " -> " + refused.getOtherFile();
        return "Cannot access " + refused.getFile() + other + ": " + problem(refused);
    }

    private static String problem(FileSystemException refused) {
        String reason = refused.getReason();
        if (reason != null) {
            return ADVICE.keySet().stream()
                    .filter(reason::startsWith)
                    .max(Comparator.comparing(String::length))
                    .map(known -> reason + "; " + ADVICE.get(known))
                    .orElse(reason);
        }
        if (refused instanceof AccessDeniedException) {
            return "permission denied to user " + System.getProperty("user.name")
                    + "; change the permissions of the file or of a directory above it";
        }
        return refused instanceof NoSuchFileException
                ? "no such file or directory"
                : refused.getClass().getSimpleName();
    }

    /**
     * The condition's name. Abstract in Spark 4, and unknown to Spark 3.5.
     *
     * <p>Null for the details that a Spark Connect server sends: clients on the JVM look a condition up in Spark's own list,
     * and show an internal error in place of the message where it is missing. Python clients take it from elsewhere.
     */
    public String getCondition() {
        boolean forDetails = StackWalker.getInstance()
                .walk(frames -> frames.dropWhile(frame -> frame.getClassName().equals(MemmapException.class.getName()))
                        .findFirst())
                .filter(caller -> caller.getClassName().startsWith(CONNECT_ERRORS)
                        && caller.getMethodName().startsWith("throwableTo"))
                .isPresent();
        return forDetails ? null : condition.shown();
    }

    /** Abstract in Spark 3.5. */
    @Override
    public String getErrorClass() {
        return getCondition();
    }

    @Override
    public String getSqlState() {
        return condition.sqlState();
    }

    /** Empty: the message is whole, and Spark knows no template of it. */
    @Override
    public Map<String, String> getMessageParameters() {
        return Map.of();
    }

    private Object writeReplace() {
        return FailureForm.sent(this);
    }
}
