package io.memmap.it;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A {@code python3} with NumPy that stays, and says of array files which values stand in adjacent elements: starting
 * one takes longer than the look.
 */
final class NumpyRuns implements AutoCloseable {
    private static final String SCRIPT =
            """
            import json, sys
            import numpy as np
            print(np.__version__, flush=True)
            for line in sys.stdin:
                how, path = line.rstrip('\\n').split(' ', 1)
                try:
                    if how == 'npy':
                        a = np.load(path)
                    elif how == 'bytes':
                        a = np.memmap(path, dtype='<i8', mode='r')
                    else:
                        side = json.load(open(path + '.memmap.json'))
                        a = np.memmap(path, dtype=side['dtype'], shape=tuple(side['shape']), mode='r')
                        if side['fileNbytes'] != a.nbytes:
                            raise ValueError('the sidecar says %s' % side)
                    a = a.reshape(-1)
                    starts = np.r_[0, np.flatnonzero(a[1:] != a[:-1]) + 1]
                    lengths = np.diff(np.r_[starts, a.size])
                    print(' '.join('%d:%d' % run for run in zip(a[starts], lengths)), flush=True)
                except Exception as e:
                    print('error', repr(e), flush=True)
            """;

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;
    private final String version;

    private NumpyRuns(Process process) throws IOException {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
        this.version = answers.readLine();
    }

    static NumpyRuns start() throws IOException {
        return new NumpyRuns(new ProcessBuilder(List.of("python3", "-c", SCRIPT))
                .redirectError(Redirect.DISCARD)
                .start());
    }

    /** Null where there is no NumPy. */
    String version() {
        return version;
    }

    /** What {@code np.load} shows, as {@code value:length} of each run. */
    String npy(Path file) throws IOException {
        return ask("npy " + file);
    }

    /** What {@code np.memmap} shows with the dtype and shape of the sidecar. */
    String raw(Path file) throws IOException {
        return ask("raw " + file);
    }

    /** What {@code np.memmap} shows as int64, whatever the sidecar says. */
    String bytes(Path file) throws IOException {
        return ask("bytes " + file);
    }

    private String ask(String question) throws IOException {
        questions.write(question + "\n");
        questions.flush();
        return answers.readLine();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
