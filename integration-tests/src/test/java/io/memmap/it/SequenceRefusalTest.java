package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Indexes of tokens that do not cut them into sequences. */
class SequenceRefusalTest {
    private static final Map<String, String> SEQUENCES = Map.of("layout", "sequences");
    private static final Map<String, String> DOCUMENTS = Map.of("layout", "documents");

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();

    private Dataset<Row> read(Map<String, String> options, Path path) {
        return spark.read().format("memmap").options(options).load(path.toString());
    }

    /** Pointers that do not rise, leave the file, or disagree with the sizes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2,3,1 | 0,8,4 | sequence 1 begins with token 2 and has 3, and the next one begins with token 1,",
                "2,3,1 | 0,8,24 | sequence 1 begins with token 2 and has 3, and the next one begins with token 6,",
                "2,3,1 | 0,8,28 | sequence 2 begins at byte 28, expected a multiple of 4 of at most 24;",
                "2,3,1 | 0,-8,20 | sequence 1 begins at byte -8, expected a multiple of 4 of at most 24;",
                "2,3,1 | 0,9,20 | sequence 1 begins at byte 9, expected a multiple of 4 of at most 24;",
                "2,3,1 | 0,9223372036854775804,20 | sequence 1 begins at byte 9223372036854775804, expected",
                "1,4,1 | 0,8,20 | sequence 0 begins with token 0 and has 1, and the next one begins with token 2,"
            })
    void hostileSequencesAreRefused(String sizes, String pointers, String problem) throws IOException {
        Path index = IndexedDataset.writeIndex(
                directory.resolve("x"),
                Arrays.stream(sizes.split(",")).mapToInt(Integer::parseInt).toArray(),
                Arrays.stream(pointers.split(",")).mapToLong(Long::parseLong).toArray(),
                0,
                3);
        Files.write(directory.resolve("x.bin"), new byte[24]);
        for (Map<String, String> options : List.of(SEQUENCES, DOCUMENTS)) {
            assertThatThrownBy(() -> read(options, index).collectAsList())
                    .hasMessageContaining("Cannot read the sequences of file:" + directory
                            + "/x.bin: by its index file:" + index + " " + problem)
                    .hasMessageContaining("; read its tokens without the option layout");
        }
    }

    /** The sum of the sizes is compared before a job starts. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2147483647,3,1 | x.bin: its index x.idx declares 2147483651 tokens of <i4, expected as many, but the file has"
                        + " 24 bytes",
                "-2,7,1 | x.idx: it declares a sequence of -2 tokens, expected 0 or more"
            })
    void sizesMustBeTheTokens(String sizes, String problem) throws IOException {
        Path index = IndexedDataset.writeIndex(
                directory.resolve("x"),
                Arrays.stream(sizes.split(",")).mapToInt(Integer::parseInt).toArray(),
                new long[] {0, 8, 20},
                0,
                3);
        Files.write(directory.resolve("x.bin"), new byte[24]);
        for (Map<String, String> options : List.of(Map.<String, String>of(), SEQUENCES, DOCUMENTS)) {
            assertThatThrownBy(() -> read(options, index))
                    .hasMessageContaining("Cannot read file:" + directory + "/" + problem)
                    .hasMessageContaining("; to read the tokens without the index, set container=raw and dtype");
        }
        assertThat(read(Map.of("container", "raw", "dtype", "<i4"), directory.resolve("x.bin"))
                        .count())
                .isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,3 | its documents begin with sequence 1 and end before sequence 3, expected 0 and 3, the number",
                "0,2 | its documents begin with sequence 0 and end before sequence 2, expected 0 and 3, the number",
                "0,2,1,3 | document 1 begins with sequence 2 and the next one with 1, expected numbers that rise",
                "0,4,3 | document 1 begins with sequence 4, expected 0 to 3",
                "0,-1,3 | document 1 begins with sequence -1, expected 0 to 3"
            })
    void hostileDocumentsAreRefused(String documents, String problem) throws IOException {
        Path index = IndexedDataset.write(
                directory.resolve("x"),
                new int[] {2, 3, 1},
                Arrays.stream(documents.split(",")).mapToLong(Long::parseLong).toArray());
        assertThatThrownBy(() -> read(DOCUMENTS, index).collectAsList())
                .hasMessageContaining("x.idx")
                .hasMessageContaining(problem);
        assertThat(read(SEQUENCES, index).collectAsList()).hasSize(3);
    }

    @Test
    void documentsOfDatatroveNeedTheirEnds() throws IOException {
        String name = "00000_u2_shuffled.ds";
        for (String suffix : List.of("", ".index", ".loss", ".metadata")) {
            Files.copy(
                    ResourceFile.of("simple-containers").resolve("arrays/" + name + suffix),
                    directory.resolve(name + suffix));
        }
        Path tokens = directory.resolve(name);
        assertThat(read(Map.of("layout", "documents", "member", "loss"), tokens)
                        .selectExpr("size(value)")
                        .collectAsList()
                        .toString())
                .isEqualTo("[[3], [0], [5], [1], [4]]");
        Files.write(Path.of(tokens + ".index"), Npy.i8(3, 2, 8, 9, 13));
        assertThatThrownBy(() -> read(DOCUMENTS, tokens).collectAsList())
                .hasMessageContaining(
                        ".ds.index sequence 1 begins with token 3, and the next one begins with token 2, expected"
                                + " numbers that rise; read its tokens");
        Files.delete(Path.of(tokens + ".index"));
        assertThat(read(Map.of(), tokens).count()).isEqualTo(13);
        assertThatThrownBy(() -> read(DOCUMENTS, tokens).count())
                .hasMessageContaining(name + "#tokens with layout=documents: nothing says where its sequences begin");
    }

    @Test
    void onlyIndexedDatasetsHaveSequences() throws IOException {
        Path array = Npy.doubles(directory.resolve("x.npy"), 1, 2);
        assertThatThrownBy(() -> read(SEQUENCES, array).count())
                .hasMessage("Cannot read file:" + array
                        + " with layout=sequences: nothing says where its sequences begin, expected the tokens of an indexed"
                        + " dataset of Megatron or fairseq (.bin and .idx) or of datatrove (.ds and .ds.index); remove the"
                        + " option layout");
        Path fairseq = ResourceFile.of("simple-containers").resolve("arrays/fairseq-4.idx");
        assertThatThrownBy(() -> read(DOCUMENTS, fairseq).count())
                .hasMessageContaining(
                        "fairseq-4.idx: it is an index of fairseq, which has no documents, expected one of"
                                + " Megatron; use layout=sequences");
        Path index = IndexedDataset.write(directory.resolve("y"), new int[] {2, 0, 3}, 0, 5);
        assertThatThrownBy(() -> read(Map.of("layout", "sequences", "member", "sizes"), index)
                        .count())
                .hasMessageContaining("y.idx#sizes with layout=sequences: nothing says where its sequences begin");
        assertThatThrownBy(() -> spark.range(1)
                        .write()
                        .format("memmap")
                        .options(SEQUENCES)
                        .save(directory.resolve("z.npy").toString()))
                .hasMessage(
                        "Cannot write with layout=sequences: indexed datasets are only read, expected auto, columns, array or"
                                + " sideBySide; rows of one length are written with layout=array");
    }
}
