package io.memmap.it;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Statements about arrays in a directory of the test's own, each test in a session of its own. */
abstract class SqlStatements {
    @TempDir
    Path directory;

    SqlSession session;

    @BeforeEach
    final void openSession() {
        session = new SqlSession(directory);
    }
}
