package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.spark.MemmapCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ALTER TABLE, which changes no array. */
class SqlAlterTest extends SqlStatements {
    @BeforeEach
    void createTable() {
        session.sql("CREATE TABLE memmap.`@/x` TBLPROPERTIES ('columnDtypes'='city U5')"
                + " AS SELECT 1L AS id, 'Rome' AS city, 2.5D AS v");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALTER TABLE # ADD COLUMN z INT | column z",
                "ALTER TABLE # DROP COLUMN v | column v",
                "ALTER TABLE # RENAME COLUMN v TO w | column v",
                "ALTER TABLE # ALTER COLUMN id TYPE DOUBLE | column id",
                "ALTER TABLE # ALTER COLUMN v FIRST | column v"
            })
    void columnsAreThoseOfTheFile(String statement, String column) {
        assertThatThrownBy(() -> session.sql(statement.replace("#", "memmap.`@/x`")))
                .hasMessageContaining(
                        "Cannot alter " + column + " of " + directory + "/x: the file itself describes the"
                                + " array, expected no ALTER TABLE; write it anew with CREATE OR REPLACE TABLE ... AS SELECT, or"
                                + " remove it with DROP TABLE ... PURGE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "COMMENT ON TABLE # IS 'hello' | ' with COMMENT ''hello'': an array has no place for it, expected none'",
                "ALTER TABLE # SET LOCATION '/tmp' | ' with LOCATION ''/tmp'': its name says where it is, expected none'",
                "ALTER TABLE # SET TBLPROPERTIES ('a'='b') | ': an array has no place for a property a, expected no'",
                "ALTER TABLE # SET TBLPROPERTIES ('nullValue'='0') | ': an array has no place for a property nullValue,'",
                "ALTER TABLE # UNSET TBLPROPERTIES ('a') | ': an array has no place for a property a, expected no'",
                "ALTER TABLE # ALTER COLUMN id COMMENT 'key' | ': an array has no place for a comment, default,'"
            })
    void anArrayHasNoPlaceForOthers(String statement, String reason) {
        assertThatThrownBy(() -> session.sql(statement.replace("#", "memmap.`@/x`")))
                .hasMessageContaining("Cannot alter " + directory + "/x" + reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER COLUMN id TYPE BIGINT",
                "ALTER COLUMN id DROP NOT NULL",
                "ALTER COLUMN id SET NOT NULL",
                "SET TBLPROPERTIES ('columnDtypes'='city U5')",
                "SET TBLPROPERTIES ('ColumnDtypes'='v f8, city <U5', 'shape'='-1', 'container'='npy', 'order'='C')",
                "SET TBLPROPERTIES (\"dtype\"=\"[('id', '<i8'), ('city', '<U5'), ('v', '<f8')]\")"
            })
    void statesWhatIsSo(String clause) {
        session.sql("ALTER TABLE memmap.`@/x` " + clause);
        assertThat(session.sql("SELECT * FROM memmap.`@/x`")).containsExactly(RowFactory.create(1L, "Rome", 2.5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'columnDtypes'='city U6' | columnDtypes='city <U6' into the array that is there: found <U5",
                "'columnDtypes'='town U5' | there is no column 'town', expected one of [id, city, v]",
                "'shape'='3' | the option shape=(3,) was given",
                "'dtype'='f8' | the option dtype=<f8 was given",
                "'container'='raw' | the option container=raw was given"
            })
    void whatIsNotSoIsRefused(String properties, String reason) {
        assertThatThrownBy(() -> session.sql("ALTER TABLE memmap.`@/x` SET TBLPROPERTIES (" + properties + ")"))
                .hasMessageContaining("Cannot alter " + directory + "/x, as it is not what is stated: ")
                .hasMessageContaining(reason);
    }

    @Test
    void aCatalogMayDescribeTheArray() throws IOException {
        Files.write(directory.resolve("raw"), new byte[16]);
        session.spark().conf().set("spark.sql.catalog.doubles", "io.memmap.spark.MemmapCatalog");
        session.spark().conf().set("spark.sql.catalog.doubles.dtype", "<f8");
        session.sql("ALTER TABLE doubles.`@/raw` SET TBLPROPERTIES ('shape'='2')");
        assertThatThrownBy(() -> session.sql("ALTER TABLE doubles.`@/raw` SET TBLPROPERTIES ('shape'='3')"))
                .hasMessageContaining("Cannot alter " + directory + "/raw, as it is not what is stated: ");
    }

    /** A declarative pipeline empties a materialized view before each run, and states its columns and properties anew. */
    @Test
    void aPipelineRefreshesItsViews() throws Exception {
        MemmapCatalog catalog = new MemmapCatalog();
        catalog.initialize("memmap", CaseInsensitiveStringMap.empty());
        Identifier view = Identifier.of(new String[] {directory.toString()}, "mv");
        StructType columns = session.spark()
                .sql("SELECT _row AS r, city FROM memmap.`" + directory + "/x`")
                .schema();
        String comment = columns.apply("r").metadata().getString("comment");
        Map<String, String> properties = Map.of(
                "columnDtypes", "city U5", "pipelines.reset.allowed", "true", "comment", "", "provider", "memmap");
        catalog.createTable(view, columns, new Transform[0], properties);
        List<TableChange> changes = new ArrayList<>(List.of(
                TableChange.updateColumnNullability(new String[] {"r"}, true),
                TableChange.updateColumnComment(new String[] {"r"}, comment),
                TableChange.updateColumnType(new String[] {"city"}, DataTypes.StringType)));
        properties.forEach((key, value) -> changes.add(TableChange.setProperty(key, value)));
        for (int run = 0; run < 2; run++) {
            session.sql("TRUNCATE TABLE memmap.`@/mv`");
            catalog.alterTable(view, changes.toArray(TableChange[]::new));
            session.sql("INSERT INTO memmap.`@/mv` SELECT id, 'Rome' FROM range(3)");
            assertThat(session.value("SELECT sum(r) FROM memmap.`@/mv` WHERE city = 'Rome'"))
                    .isEqualTo(3L);
        }
        assertThat(catalog.alterTable(view).name()).isEqualTo("memmap.`" + directory + "/mv`");
    }

    @Test
    void filesAreRenamedOutsideOfSql() {
        assertThatThrownBy(() -> session.sql("ALTER TABLE memmap.`@/x` RENAME TO memmap.`@/y`"))
                .hasMessageContaining("Cannot rename " + directory + "/x");
    }
}
