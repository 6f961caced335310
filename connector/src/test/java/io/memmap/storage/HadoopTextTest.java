package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A text that was cut within its writing is the old one, and no other is. */
class HadoopTextTest {
    private static final String OLD = "{\"a\": {\"b\": 1}}\n";
    /** Its end looks like that of a whole one. */
    private static final String CUT = "{\"a\": {\"b\": 1}";

    private static final String NEW = "{\"a\": {\"b\": 2}}\n";

    @TempDir
    Path directory;

    /** Refuses to open the file {@code x} for writing as often as it is told. */
    private static final class RefusingFileSystem extends RawLocalFileSystem {
        private int refusals;

        @Override
        public FSDataOutputStream createNonRecursive(
                org.apache.hadoop.fs.Path file,
                FsPermission permission,
                EnumSet<CreateFlag> flags,
                int bufferNbytes,
                short replication,
                long blockNbytes,
                Progressable progress)
                throws IOException {
            if (file.getName().equals("x") && refusals-- > 0) {
                throw new IOException("planted: not now");
            }
            return super.createNonRecursive(file, permission, flags, bufferNbytes, replication, blockNbytes, progress);
        }
    }

    private void write(String text, int refusals) throws IOException {
        RefusingFileSystem fileSystem = new RefusingFileSystem();
        fileSystem.initialize(URI.create("file:///"), new Configuration(false));
        fileSystem.refusals = refusals;
        new HadoopText(fileSystem, new org.apache.hadoop.fs.Path(file().toString())).write(text);
    }

    private Path file() {
        return directory.resolve("x");
    }

    private Path before() {
        return directory.resolve(".x.before");
    }

    private String read() throws IOException {
        return HadoopText.whole(file().toString(), path -> {
            if (!Files.exists(Path.of(path))) {
                throw new FileNotFoundException(path);
            }
            return Files.readString(Path.of(path));
        });
    }

    @Test
    void aTextThatWasCutIsTheOldOne() throws IOException {
        Files.writeString(before(), OLD);
        for (String cut : List.of("", CUT, CUT.substring(0, 4))) {
            Files.writeString(file(), cut);
            assertThat(read()).isEqualTo(OLD);
        }
    }

    @Test
    void aWholeTextIsNotTheOldOne() throws IOException {
        Files.writeString(before(), OLD);
        for (String whole : List.of(NEW, NEW + "\n\n", "[1]")) {
            Files.writeString(file(), whole);
            assertThat(read()).isEqualTo(whole);
        }
    }

    @Test
    void aTextThatNoWriteHasKeptIsReadAsItIs() throws IOException {
        Files.writeString(file(), CUT);
        assertThat(read()).isEqualTo(CUT);
    }

    @Test
    void aWriterThatFinishesMeanwhileIsNoError() throws IOException {
        Queue<String> seen = new ArrayDeque<>(List.of("", NEW));
        assertThat(HadoopText.whole("/d/x", path -> {
                    if (path.equals("/d/.x.before")) {
                        throw new FileNotFoundException(path);
                    }
                    return seen.remove();
                }))
                .isEqualTo(NEW);
    }

    @Test
    void aWriteKeepsTheOldTextUntilItEnds() throws IOException {
        Files.writeString(file(), OLD);
        assertThatThrownBy(() -> write(NEW, 2)).hasMessageContaining("planted: not now");
        assertThat(before()).hasContent(OLD);
        Files.writeString(file(), CUT);
        assertThatThrownBy(() -> write(NEW, 2)).hasMessageContaining("planted: not now");
        assertThat(read()).isEqualTo(OLD);
        assertThatThrownBy(() -> write(NEW, 1)).hasMessageContaining("planted: not now");
        assertThat(file()).hasContent(OLD);
        assertThat(before()).doesNotExist();
        write(NEW, 0);
        assertThat(file()).hasContent(NEW);
        assertThat(before()).doesNotExist();
    }

    @Test
    void anOldTextOfAnotherFileGoes() throws IOException {
        Files.writeString(before(), OLD);
        assertThatThrownBy(() -> write(NEW, 1)).hasMessageContaining("planted: not now");
        assertThat(directory).isEmptyDirectory();
    }
}
