package io.memmap.spark;

import org.apache.spark.QueryContext;
import org.apache.spark.sql.AnalysisException;

/**
 * The failure of a statement whose array is not there. Spark takes {@code NoSuchTableException} for the name of a file of
 * another source and then says that it has no such source; this exception it hands on with its message, and by its
 * condition {@code tableExists} knows what it means. Driver side.
 */
final class MissingTable {
    private static final String CONDITION = "TABLE_OR_VIEW_NOT_FOUND";

    private MissingTable() {}

    /**
     * Throws the exception with the message of {@code cause} and the advice; it is checked, and the methods of a catalog do not
     * declare it. Clients of Connect make a message of their own, from the condition and the path.
     *
     * @return never
     */
    static RuntimeException thrown(String path, Throwable cause, String advice) {
        return MissingTable.<RuntimeException>unchecked(new AnalysisException(
                cause.getMessage() + advice,
                scala.Option.empty(),
                scala.Option.empty(),
                scala.Option.apply(cause),
                scala.Option.apply(CONDITION),
                new scala.collection.immutable.Map.Map2<>("relationName", path, "searchPath", ""),
                new QueryContext[0]));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E unchecked(Throwable exception) throws E {
        throw (E) exception;
    }
}
