package io.memmap.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.spark.read.RowColumns.Meaning;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowColumnsTest {

    @Test
    void knowsTheMetadataColumns() {
        RowColumns columns = RowColumns.of(List.of("value"), true);
        assertThat(columns.meaning("_row")).contains(Meaning.ROW);
        assertThat(columns.meaning("_file_row")).contains(Meaning.FILE_ROW);
        assertThat(columns.meaning("_file")).contains(Meaning.FILE);
        assertThat(columns.meaning("value")).isEmpty();
        assertThat(columns.meaning("i0")).isEmpty();
    }

    @Test
    void dataColumnHidesTheMetadataColumnOfItsName() {
        RowColumns columns = RowColumns.of(List.of("_row", "_file"), true);
        assertThat(columns.meaning("_row")).isEmpty();
        assertThat(columns.meaning("_file")).isEmpty();
        assertThat(columns.meaning("_file_row")).contains(Meaning.FILE_ROW);
    }

    @Test
    void comparesNamesAsTheSessionDoes() {
        assertThat(RowColumns.of(List.of(), false).meaning("_ROW")).contains(Meaning.ROW);
        assertThat(RowColumns.of(List.of(), true).meaning("_ROW")).isEmpty();
        assertThat(RowColumns.of(List.of("_ROW"), false).meaning("_row")).isEmpty();
        assertThat(RowColumns.of(List.of("_ROW"), true).meaning("_row")).contains(Meaning.ROW);
        assertThat(RowColumns.of(List.of("_ROW"), true).meaning("_ROW")).isEmpty();
    }

    @Test
    void columnOfAxis0CountsLikeTheRow() {
        RowColumns columns = RowColumns.of(List.of("i0", "i1", "value"), false).withAxis0("i0");
        assertThat(columns.meaning("I0")).contains(Meaning.ROW);
        assertThat(columns.meaning("_row")).contains(Meaning.ROW);
        assertThat(columns.meaning("i1")).isEmpty();
    }
}
