package io.memmap.spark.schema;

import java.util.stream.Stream;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** The hidden columns that every table has, unless a column of the data has the same name. */
public final class MetadataColumns {
    /** The name of the row's file, as Hadoop prints it. */
    public static final String FILE = "_file";
    /** The row's position in the whole dataset. */
    public static final String ROW = "_row";
    /** The row's position in its file. */
    public static final String FILE_ROW = "_file_row";

    private MetadataColumns() {}

    /** All of them, for Spark. */
    public static MetadataColumn[] all() {
        return new MetadataColumn[] {
            new Hidden(FILE, DataTypes.StringType, "the file that the row is in"),
            new Hidden(ROW, DataTypes.LongType, "the row's position in the whole dataset, from 0"),
            new Hidden(FILE_ROW, DataTypes.LongType, "the row's position in its file, from 0")
        };
    }

    /** Those of arrays side by side, whose rows are in no one file. */
    public static MetadataColumn[] ofSideBySide() {
        return new MetadataColumn[] {new Hidden(ROW, DataTypes.LongType, "the row's position in the table, from 0")};
    }

    /** Returns true for the comment of one of them. Spark hands it on to the columns that a query makes of it. */
    public static boolean areCommented(String comment) {
        return Stream.of(all(), ofSideBySide()).flatMap(Stream::of).anyMatch(column -> column.comment()
                .equals(comment));
    }

    private record Hidden(String name, DataType dataType, String comment) implements MetadataColumn {
        @Override
        public boolean isNullable() {
            return false;
        }
    }
}
