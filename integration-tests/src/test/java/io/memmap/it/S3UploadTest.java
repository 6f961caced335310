package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.storage.FileOutput;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Part;
import io.memmap.storage.Upload;
import io.memmap.storage.UploadedPart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in an object store: tasks put their parts, and they are there when the driver says so. */
class S3UploadTest {
    private static final int MIB = 1 << 20;
    private static final int LONGS_PER_MIB = MIB / Long.BYTES;

    private static RunningS3 s3;
    private static FileSystem fileSystem;

    private final SparkSession spark = SharedSpark.session();

    @BeforeAll
    static void start(@TempDir java.nio.file.Path directory) throws Exception {
        s3 = RunningS3.start(directory.resolve("s3.log"));
        Configuration configuration = new Configuration();
        s3.uncachedSettings().forEach(configuration::set);
        // What this server does not know of an upload that was ended is an error of its own, which would be tried
        // again.
        configuration.set("fs.s3a.retry.limit", "1");
        configuration.set("fs.s3a.attempts.maximum", "1");
        fileSystem = new Path(s3.uri()).getFileSystem(configuration);
    }

    @AfterAll
    static void stop() throws Exception {
        if (s3 != null) {
            fileSystem.close();
            s3.close();
        }
    }

    /** Numbers from 0 on, in one task for each size. */
    private Dataset<Row> numbers(int... sizesInMib) {
        List<String> starts = new ArrayList<>();
        long at = 0;
        for (int size : sizesInMib) {
            starts.add(at + "L");
            at += (long) size * LONGS_PER_MIB;
        }
        starts.add(at + "L");
        String array = "array(" + String.join(", ", starts) + ")";
        return spark.range(0, sizesInMib.length, 1, sizesInMib.length)
                .selectExpr("explode(sequence(" + array + "[id], " + array + "[id + 1] - 1)) AS value");
    }

    private static DataFrameWriter<Row> writer(Dataset<Row> rows) {
        return rows.write().format("memmap").options(s3.settings());
    }

    /** How many parts an object was made of: its ETag tells. */
    private static int parts(String path) throws IOException {
        FileStatus status = fileSystem.getFileStatus(new Path(path));
        String etag = ((EtagSource) status).getEtag().replace("\"", "");
        return Integer.parseInt(etag.substring(etag.indexOf('-') + 1));
    }

    private void assertCounts(String path, int sizeInMib) throws Exception {
        long rows = (long) sizeInMib * LONGS_PER_MIB;
        Dataset<Row> array =
                spark.read().format("memmap").options(s3.settings()).load(path);
        assertThat(array.selectExpr("count(*)", "sum(IF(_row = value, 1, 0))").collectAsList())
                .extracting(row -> List.of(row.getLong(0), row.getLong(1)))
                .containsExactly(List.of(rows, rows));
        assertThat(s3.uploads()).doesNotContain("<UploadId>");
        assertThat(names(path.substring(0, path.lastIndexOf('/')))).noneMatch(name -> name.startsWith("."));
    }

    @Test
    void tasksPutThePartsAndSmallPiecesAreMerged() throws Exception {
        String path = s3.uri() + "/merged/x.npy";
        // Header, 1 and the first 5 of 12 MiB; 7 more; 2 + 3 + 6; 5 and 6 of 11; the last 1.
        writer(numbers(1, 12, 2, 3, 6, 11, 1)).save(path);
        assertCounts(path, 36);
        assertThat(parts(path)).isEqualTo(6);
    }

    @Test
    void manySmallPiecesBecomeFewParts() throws Exception {
        String path = s3.uri() + "/small/x.dat";
        writer(numbers(4, 4, 4, 4, 4, 4)).save(path);
        assertCounts(path, 24);
        assertThat(parts(path)).isEqualTo(2);
    }

    @Test
    void theFirstPieceOfARawFileStaysAsItIs() throws Exception {
        String path = s3.uri() + "/raw/x.dat";
        writer(numbers(12, 6)).save(path);
        assertCounts(path, 18);
        assertThat(parts(path)).isEqualTo(3);
    }

    private static List<String> names(String directory) throws IOException {
        return Stream.of(fileSystem.listStatus(new Path(directory)))
                .map(status -> status.getPath().getName())
                .sorted()
                .toList();
    }

    @Test
    void shardsAreUploadedToTheNamesThatTheyKeep() throws Exception {
        String path = s3.uri() + "/shards/x";
        writer(numbers(22, 1)).option("maxRecordsPerFile", 20 * LONGS_PER_MIB).save(path);
        assertCounts(path, 23);
        assertThat(names(path)).hasSize(5).satisfies(names -> {
            assertThat(names.get(0)).isEqualTo("_SUCCESS");
            assertThat(names.get(1)).isEqualTo("_memmap.json");
            assertThat(names.get(2)).matches("part-000000-[0-9a-f]{8}-\\d+-000000\\.npy");
            assertThat(names.get(3)).matches("part-000000-[0-9a-f]{8}-\\d+-000001\\.npy");
            assertThat(names.get(4)).matches("part-000001-[0-9a-f]{8}-\\d+-000000\\.npy");
            assertThat(parts(path + "/" + names.get(2))).isEqualTo(2);
            assertThat(parts(path + "/" + names.get(3))).isEqualTo(1);
            assertThat(parts(path + "/" + names.get(4))).isEqualTo(1);
        });
        writer(numbers(1).selectExpr("value + " + 23 * LONGS_PER_MIB + " AS value"))
                .mode("append")
                .save(path);
        assertCounts(path, 24);
        assertThat(names(path).get(5)).matches("part-000002-[0-9a-f]{8}-\\d+-000000\\.npy");
    }

    @Test
    void shardsOfRawFilesHaveSidecars() throws Exception {
        String path = s3.uri() + "/rawshards/x";
        writer(numbers(1, 1)).option("container", "raw").save(path);
        assertCounts(path, 2);
        assertThat(names(path)).hasSize(6);
        writer(numbers(1)).option("container", "raw").mode("overwrite").save(path);
        assertCounts(path, 1);
        assertThat(names(path)).hasSize(4);
    }

    @Test
    void aFailedJobLeavesNoUpload() throws Exception {
        String path = s3.uri() + "/failed/x.npy";
        writer(numbers(1)).save(path);
        Dataset<Row> bad =
                numbers(6, 6).selectExpr("IF(value = 1500000, CAST(raise_error('no row') AS BIGINT), value) AS value");
        assertThatThrownBy(() -> writer(bad).mode("overwrite").save(path)).hasStackTraceContaining("no row");
        assertCounts(path, 1);
        assertThatThrownBy(() -> writer(bad).save(s3.uri() + "/failed/y")).hasStackTraceContaining("no row");
        assertCounts(path, 1);
        assertThat(names(s3.uri() + "/failed")).containsExactly("x.npy");
    }

    @Test
    void theUploadOfADeadDriverIsEndedByTheNextWrite() throws Exception {
        String path = s3.uri() + "/dead/x.npy";
        String staging = s3.uri() + "/dead/.x.npy." + UUID.randomUUID() + ".staging";
        Upload.start(path, staging, 2, settings());
        assertThat(s3.uploads()).contains("<Key>dead/x.npy</Key>");
        writer(numbers(1)).save(path);
        assertCounts(path, 1);
    }

    @Test
    void uploadsOfADeadDriverToPartitionsAndColumnsAreEndedByTheNextWrite() throws Exception {
        String path = s3.uri() + "/deadshards/x";
        String staging = s3.uri() + "/deadshards/.x." + UUID.randomUUID() + ".staging";
        Upload.start(path + "/p=1/part-000000-0f0f0f0f-0-000000.npy", staging, 2, settings());
        Upload.start(path + "/value/part-000001-0f0f0f0f-0-000000.npy", staging, 2, settings());
        Upload others = Upload.start(path + "s/part-000002-0f0f0f0f-0-000000.npy", staging, 2, settings());
        writer(numbers(1)).save(path);
        assertThat(s3.uploads()).contains("<Key>deadshards/xs/").doesNotContain("<Key>deadshards/x/");
        others.abandon();
        assertCounts(path, 1);
    }

    private static HadoopSettings settings() {
        return new HadoopSettings(fileSystem.getConf(), Map.of());
    }

    @Test
    void bytesOfALateAttemptAreAnError() throws Exception {
        String path = s3.uri() + "/late/x.dat";
        String staging = s3.uri() + "/late/staging";
        writer(numbers(1)).save(path);
        Upload upload = Upload.start(path, staging, 1, settings());
        List<Part> pieces = List.of(piece(upload, staging + "/a", 1));
        piece(upload, staging + "/b", 2);
        assertThatThrownBy(() -> upload.complete(new byte[0], pieces)).hasStackTraceContaining("InvalidPart");
        Upload.abandonAll(staging, settings());
        fileSystem.delete(new Path(staging), true);
        assertCounts(path, 1);
    }

    private static Part piece(Upload upload, String path, int value) throws IOException {
        byte[] bytes = new byte[6 * MIB];
        Arrays.fill(bytes, (byte) value);
        try (FileOutput output = upload.createPiece(path, 0)) {
            output.write(ByteBuffer.wrap(bytes));
            output.complete();
            return new Part(path, bytes.length, 0, output.uploaded());
        }
    }

    @Test
    void ofManyFilesAllAreTriedBeforeAnErrorIsThrown() throws Exception {
        String staging = s3.uri() + "/many/staging";
        Map<Upload, List<UploadedPart>> uploads = new LinkedHashMap<>();
        for (int i = 0; i < 5; i++) {
            Upload upload = Upload.start(s3.uri() + "/many/" + i, staging, 1, settings());
            try (FileOutput output = upload.createWhole(0)) {
                output.write(ByteBuffer.wrap(new byte[] {(byte) i}));
                output.seal(new byte[0]);
                uploads.put(upload, output.uploaded());
            }
            if (i == 0) {
                upload.abandon();
            }
        }
        assertThatThrownBy(() -> Upload.completeAll(uploads)).isInstanceOf(IOException.class);
        assertThat(names(s3.uri() + "/many")).containsExactly("1", "2", "3", "4", "staging");
        assertThat(names(staging)).isEmpty();
        assertThat(s3.uploads()).doesNotContain("<UploadId>");
    }

    @Test
    void thoughTasksPutNoPartsOneFileIsThere() throws Exception {
        String uploaded = s3.uri() + "/driver/uploaded.npy";
        writer(numbers(1, 2)).options(s3.uncachedSettings()).save(uploaded);
        assertCounts(uploaded, 3);
        // An upload has a note, elsewhere.
        assertThat(s3.requests("driver/.uploaded.npy.", ".upload")).isPositive();
        for (Map.Entry<String, String> setting : Map.of(
                        "taskUploads", "false",
                        "fs.s3a.create.checksum.algorithm", "CRC32",
                        "fs.s3a.multipart.uploads.enabled", "false")
                .entrySet()) {
            String name = setting.getKey().substring(setting.getKey().lastIndexOf('.') + 1);
            String path = s3.uri() + "/driver/" + name + ".npy";
            writer(numbers(1, 2))
                    .options(s3.uncachedSettings())
                    .option(setting.getKey(), setting.getValue())
                    .save(path);
            assertCounts(path, 3);
            // No upload had a note; the pieces lie whole in the hidden directory.
            assertThat(s3.requests("driver/." + name + ".npy.", ".upload")).isZero();
        }
    }

    @Test
    void aPieceThatWasCutIsAnError() throws Exception {
        String path = s3.uri() + "/cut/x.dat";
        String staging = s3.uri() + "/cut/staging";
        Upload upload = Upload.start(path, staging, 1, settings());
        try (FSDataOutputStream output = fileSystem.create(new Path(staging + "/a"))) {
            output.write("seven b".getBytes(StandardCharsets.UTF_8));
        }
        assertThatThrownBy(() -> upload.complete(new byte[0], List.of(new Part(staging + "/a", 8))))
                .hasMessage("Cannot read " + staging + "/a: it has 7 bytes, expected the 8 that its task wrote");
        Upload.abandonAll(staging, settings());
        assertThat(fileSystem.exists(new Path(path))).isFalse();
        assertThat(s3.uploads()).doesNotContain("<UploadId>");
    }
}
