package io.memmap.it;

import static io.memmap.it.SavedFiles.readLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mode, owner, group, ACL and attributes of files that are written again. */
class FileIdentityTest {
    private static final List<String> OTHERS_IDS = List.of("unix:uid", "unix:gid");
    private static final int OTHER = 4321;

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    private DataFrameWriter<Row> numbers(long start, long end) {
        return spark.range(start, end, 1, 2).selectExpr("id AS value").write().format("memmap");
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static void setMode(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static UserDefinedFileAttributeView attributes(Path file) {
        return Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    }

    /** Data, sidecars and manifest of an array, a directory's too. */
    private static List<Path> files(Path target) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(target.getParent())) {
            all.filter(Files::isRegularFile).sorted().forEach(files::add);
        }
        assertThat(files).isNotEmpty();
        return files;
    }

    @ParameterizedTest
    @CsvSource({
        "x.npy, overwrite",
        "x.npy, append",
        "x.dat, overwrite",
        "x.dat, append",
        "x, overwrite",
        "x, append",
    })
    void modesAreKept(String name, String mode) throws IOException {
        Path target = directory.resolve(name);
        numbers(0, 10).option("container", name.equals("x.npy") ? "npy" : "raw").save(target.toString());
        String umask = mode(files(target).get(0));
        for (Path file : files(target)) {
            assertThat(mode(file)).isEqualTo(umask);
            setMode(file, "rw-------");
        }
        numbers(10, 20)
                .option("container", name.equals("x.npy") ? "npy" : "raw")
                .mode(mode)
                .save(target.toString());
        for (Path file : files(target)) {
            assertThat(mode(file)).as(file.toString()).isEqualTo("rw-------");
        }
        assertThat(readLongs(spark, target)).hasSize(mode.equals("append") ? 20 : 10);
    }

    @Test
    void aFirstManifestIsAsTheShardsOfItsDirectory() throws IOException {
        Path target = Files.createDirectory(directory.resolve("x"));
        Path shard = directory.resolve("x/a.npy");
        numbers(0, 10).save(shard.toString());
        setMode(shard, "rw-------");
        numbers(10, 20).mode("append").save(target.toString());
        for (Path file : files(shard)) {
            assertThat(mode(file)).as(file.toString()).isEqualTo("rw-------");
        }
        assertThat(readLongs(spark, target)).hasSize(20);
    }

    /** Files beside the arrays, which come first by name, and have other rights. */
    @Test
    void aFirstManifestIsAsNoOtherFile() throws IOException {
        Path target = Files.createDirectory(directory.resolve("x"));
        for (String name : List.of("_SUCCESS", "a.txt", "LICENSE")) {
            setMode(Files.writeString(target.resolve(name), "mine"), "rwxrwxrwx");
        }
        numbers(0, 10).save(target.resolve("b.npy").toString());
        setMode(target.resolve("b.npy"), "rw-------");
        numbers(10, 20).mode("append").save(target.toString());
        assertThat(mode(target.resolve("_memmap.json"))).isEqualTo("rw-------");
        assertThat(readLongs(spark, target)).hasSize(20);
    }

    @Test
    void rightsOfAllAreKept() throws IOException {
        Path target = directory.resolve("x.npy");
        numbers(0, 10).save(target.toString());
        setMode(target, "rw-rw-rw-");
        numbers(10, 20).mode("overwrite").save(target.toString());
        assertThat(mode(target)).isEqualTo("rw-rw-rw-");
        setMode(target, "r--r-----");
        numbers(10, 20).mode("overwrite").save(target.toString());
        assertThat(mode(target)).isEqualTo("r--r-----");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat"})
    void userAttributesAreKept(String name) throws IOException {
        Path target = directory.resolve(name);
        numbers(0, 10).save(target.toString());
        try {
            attributes(target).write("origin", StandardCharsets.UTF_8.encode("a telescope"));
        } catch (FileSystemException e) {
            assumeTrue(false, "this file system has no user attributes");
        }
        numbers(10, 20).mode("overwrite").save(target.toString());
        ByteBuffer value = ByteBuffer.allocate(attributes(target).size("origin"));
        attributes(target).read("origin", value);
        assertThat(StandardCharsets.UTF_8.decode(value.flip()).toString()).isEqualTo("a telescope");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.dat"})
    void rootKeepsOwnerAndGroup(String name) throws IOException {
        AnotherUser.assume();
        Path target = directory.resolve(name);
        numbers(0, 10).save(target.toString());
        for (Path file : files(target)) {
            for (String id : OTHERS_IDS) {
                Files.setAttribute(file, id, OTHER, LinkOption.NOFOLLOW_LINKS);
            }
        }
        numbers(10, 20).mode("overwrite").save(target.toString());
        numbers(20, 30).mode("append").save(target.toString());
        for (Path file : files(target)) {
            for (String id : OTHERS_IDS) {
                assertThat(Files.getAttribute(file, id)).as(file + " " + id).isEqualTo(OTHER);
            }
        }
    }

    /** With an ACL the group's bits of the mode are its mask: what named users may do at most. */
    @Test
    void groupBitsThatAreAMaskAreNotTheGroups() throws IOException {
        Path target = directory.resolve("x.npy");
        numbers(0, 10).save(target.toString());
        String entries = "[(1,6,-1),(2,6,1234),(4,0,-1),(16,6,-1),(32,0,-1)]";
        int set = new ProcessBuilder(
                        "python3",
                        "-c",
                        "import os,struct,sys; os.setxattr(sys.argv[1], 'system.posix_acl_access', struct.pack('<I',2) +"
                                + " b''.join(struct.pack('<HHi',*e) for e in "
                                + entries + "))",
                        target.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join()
                .exitValue();
        assumeTrue(set == 0, "no Python, or no ACLs here");
        assertThat(mode(target)).isEqualTo("rw-rw----");
        numbers(10, 20).mode("overwrite").save(target.toString());
        boolean kept =
                Stream.of(System.getenv("PATH").split(":")).anyMatch(path -> Files.exists(Path.of(path, "setfacl")));
        assertThat(mode(target)).isEqualTo(kept ? "rw-rw----" : "rw-------");
        if (kept) {
            Process acl = new ProcessBuilder("getfacl", "--numeric", "--absolute-names", target.toString()).start();
            assertThat(acl.inputReader().lines()).contains("user:1234:rw-", "group::---", "mask::rw-");
        }
    }
}
