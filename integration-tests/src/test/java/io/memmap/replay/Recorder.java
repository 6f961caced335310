package io.memmap.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Runs writes once while their operations are logged. */
final class Recorder {
    static final String BEGIN = "begin ";
    static final String END = "end ";

    private Recorder() {}

    static void run(SparkSession spark, FileOps files, List<WriteKind> kinds) throws IOException {
        for (WriteKind kind : kinds) {
            Path home = Files.createDirectories(files.root().resolve(kind.name()));
            kind.create(spark, home);
            Operation.mark(files.log(), BEGIN + kind);
            kind.write(spark, home);
            Operation.mark(files.log(), END + kind);
        }
    }
}
