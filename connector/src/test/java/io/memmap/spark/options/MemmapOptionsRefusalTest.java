package io.memmap.spark.options;

import static io.memmap.spark.options.MemmapOptionsTest.parse;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options that must be refused, for their name, their value or what they are used for, each with its message. */
class MemmapOptionsRefusalTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            access       | map  | CREATE | Cannot write new files with option access: found 'map', expected no such option; it is for reading only; leave it out here, and set it where the array is read
            minPartitions | 3   | CHANGE | Cannot append or update with option minPartitions: found '3', expected no such option; it is for reading only; leave it out here, and set it where the array is read
            overflow     | wrap | READ   | Cannot read with option overflow: found 'wrap', expected no such option; it is for writing only; leave it out here, and set it where the array is written
            offset       | 16   | CREATE | Cannot write new files with option offset: found '16', expected no such option; it says how an existing file is laid out; leave it out of a write of new files
            """)
    void refusesWhatWouldBeIgnored(String name, String value, OptionUse.Operation operation, String message) {
        assertThatThrownBy(() -> parse(name, value).checkedFor(operation))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
            a,,b   | a name is empty
            a,     | a name is empty
            ,a     | a name is empty
            ""     | a name is empty
            ``     | a name is empty
            a, b,a | 'a' is given twice
            `a     | the backquote at position 0 is not closed
            a,`b`` | the backquote at position 2 is not closed
            `a`b   | a comma is missing at position 3
            []     | there is no name
            [1]    | 1 is no string
            """)
    void refusesColumnNames(String text, String reason) {
        assertThatThrownBy(() -> parse("columnNames", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read option columnNames: found '" + text + "', expected column names with commas"
                        + " between them, such as a,b or `a,1`,b or [\"a\", \"b\"]; " + reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            textBlock =
                    """
            maxPartitionBytes   | 0 | a size of 1 byte or more, such as 1048576, 64m or 1g
            maxPartitionBytes   | 64x | a size of 1 byte or more, such as 1048576, 64m or 1g
            maxPartitionBytes   | 1.5g | a size of 1 byte or more, such as 1048576, 64m or 1g
            maxPartitionBytes   | -1m | a size of 1 byte or more, such as 1048576, 64m or 1g
            maxPartitionBytes   | 9000000000g | a size of 1 byte or more, such as 1048576, 64m or 1g; at most 8589934591
            minPartitions       | 0 | an integer of 1 or more
            minPartitions       | ^^ | an integer of 1 or more
            minPartitions       | 3000000000 | an integer of 1 or more; at most 2147483647
            offset              | -1 | an integer of 0 or more
            offset              | 1k | an integer of 0 or more
            order               | A | one of C, F
            access              | mmap | one of auto, map, read
            layout              | column | one of auto, columns, array, elements, sequences, documents, sideBySide
            stringEncoding      | ascii | one of utf-8, latin1, binary
            transpose           | 1 | true or false
            recursiveFileLookup | yes | true or false
            pathGlobFilter      | ^^ | a text
            paths               | {} | a JSON list of paths; it is no list
            paths               | [1] | a JSON list of paths; 1 is no string
            mergeSchema         | true | false; the files of an array have one dtype, so that there is nothing to merge
            ignoreCorruptFiles  | true | false; without one file the rows of the next would get other row numbers
            ignoreMissingFiles  | True | false; without one file the rows of the next would get other row numbers
            modifiedAfter       | 2024-01-01T00:00:00 | no such option; the files make one array, whatever their age; name those to read
            modifiedBefore      | 2024-01-01T00:00:00 | no such option; the files make one array, whatever their age; name those to read
            header              | true | false; a .npy file's own header is always read, and offset skips bytes before a raw array
            inferSchema         | true | no such option; the dtype says the schema; schema(…) asks for wider types
            sep                 | , | no such option; an array holds binary values and no separators
            compression         | gzip | no such option; compressed bytes cannot be mapped; write an array as it is
            mode                | r+ | no such option; reads never change a file, as NumPy's mode r; writes have save modes, as in .mode("append"), and update=true for NumPy's r+
            mmap_mode           | r | no such option; reads never change a file, as NumPy's mode r; access=map maps it in any case
            allow_pickle        | true | false; Python objects are never loaded; convert the array with astype and save it
            fortran_order       | true | no such option; set order=F or order=C
            """)
    void refusesByNameAndValue(String name, String value, String expected) {
        assertThatThrownBy(() -> parse(name, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read option " + name + ": found '" + value + "', expected " + expected);
    }

    @Test
    void passesOnTheReasonOfADtype() {
        assertThatThrownBy(() -> parse("dtype", "<q9"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot read option dtype: found '<q9', expected a NumPy dtype; ")
                .hasMessageNotContainingAny("\n");
        assertThatThrownBy(() -> parse("paths", "[\"/a\""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot read option paths: found '[\"/a\"', expected a JSON list of paths; ");
    }

    @ParameterizedTest
    @CsvSource({
        "dtpye, dtype",
        "Shapes, shape",
        "column_names, columnNames",
        "max_partition_bytes, maxPartitionBytes",
        "encoding, stringEncoding",
        "glob, pathGlobFilter"
    })
    void namesTheOptionThatWasMeant(String name, String meant) {
        assertThatThrownBy(() -> parse(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read option '" + name
                        + "': unknown, expected one of the memmap options; did you mean '" + meant
                        + "'? All are, to read: " + groups());
    }

    @ParameterizedTest
    @ValueSource(strings = {"location", "owner", "option.dtype", "versionAsOf"})
    void refusesAnOptionOfOthers(String name) {
        assertThatThrownBy(() -> parse(name, "true"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot read option '" + name + "': unknown, expected one of ");
    }

    /** Words of NumPy, pandas and Spark, for which this source has another. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            mode         | expected no such option; reads never change a file, as NumPy's mode r; writes have save modes
            mmap_mode    | expected no such option; reads never change a file, as NumPy's mode r; access=map maps it in any case
            allow_pickle | expected false; Python objects are never loaded
            header       | expected false; a .npy file's own header is always read
            schema       | expected no such option; call schema(…) of the reader, or set dtype and shape of a raw file
            format       | expected no such option; call format("memmap"); container chooses the format of the files
            columns      | expected no such option; call select(…) to read some; columnNames names them
            rows         | expected no such option; a condition on _row reads some; shape gives the number of rows
            """)
    void saysWhatServesInstead(String name, String advice) {
        assertThatThrownBy(() -> parse(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot read option ")
                .hasMessageContaining(": found 'x', " + advice);
    }

    @Test
    void namesAllThatMayHaveBeenMeant() {
        assertThatThrownBy(() -> parse("dtypes", "f4"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read option 'dtypes': unknown, expected one of the memmap options;"
                        + " did you mean 'dtype' or 'columnDtypes'? All are, to read: " + groups());
    }

    @Test
    void listsTheOptionsWhereNoneIsNear() {
        assertThatThrownBy(() -> parse("versionAsOf", "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read option 'versionAsOf': unknown, expected one of these, to read: " + groups());
    }

    /** All options, grouped by what they are for, and sorted. */
    private static String groups() {
        return Arrays.stream(OptionUse.values())
                .map(use -> OptionKey.all().stream()
                        .filter(key -> key.use() == use)
                        .map(OptionKey::name)
                        .sorted(String.CASE_INSENSITIVE_ORDER)
                        .collect(Collectors.joining(", ")))
                .collect(Collectors.joining("|"))
                .replaceFirst("[|]", "; to write: ")
                .replaceFirst("[|]", "; for files that exist: ")
                .replaceFirst("[|]", "; to read and to write: ");
    }

    @Test
    void refusesAMisspeltOptionOfATable() {
        assertThatThrownBy(() -> parse("provider", "memmap", "dtpye", "<f8", "option.dtpye", "<f8"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read option 'dtpye': unknown, expected one of the memmap options;"
                        + " did you mean 'dtype'? All are, to read: " + groups());
    }
}
