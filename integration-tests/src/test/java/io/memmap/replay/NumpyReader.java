package io.memmap.replay;

import io.memmap.replay.Found.State;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A {@code python3} with NumPy that stays and reads arrays as a user of NumPy would. */
final class NumpyReader implements AutoCloseable {
    private static final String SCRIPT =
            """
            import glob, json, os, sys
            import numpy as np
            def raw(path):
                side = json.load(open(os.path.realpath(path) + '.memmap.json'))
                if side['fileNbytes'] > os.path.getsize(path):
                    raise ValueError('the sidecar says %s' % side)
                shape = tuple(side['shape'])
                dtype = np.dtype([tuple(f) for f in side['dtype']] if isinstance(side['dtype'], list) else side['dtype'])
                return np.memmap(path, dtype, 'r', 0, shape, side['order']) if 0 not in shape else np.zeros(shape)
            def rows(a):
                if a is None or len(a) == 0 and isinstance(a, list):
                    return ['none']
                return (np.ascontiguousarray(a).view('<i8') if a.dtype.names else a).reshape(-1).tolist()
            def directory(path):
                listed = os.path.join(path, '_memmap.json')
                if os.path.exists(listed):
                    manifest = json.load(open(listed))
                    names = [os.path.join(path, s['name']) for s in manifest['shards']]
                    if manifest.get('dropped'):
                        return None
                else:
                    names = sorted(glob.glob(path + '/*.npy'))
                def concatenated(names):
                    return names and np.concatenate([(np.load if n.endswith('.npy') else raw)(n) for n in names])
                columns = sorted({n.split('/')[-2] for n in names}) if 'c0' in os.listdir(path) else []
                if columns:
                    return np.stack([concatenated([n for n in names if n.split('/')[-2] == c]) for c in columns], 1)
                return concatenated(names)
            def npy(path):
                a = np.load(path)
                return np.stack([a[name] for name in a.files], 1) if path.endswith('.npz') else a
            how = {'npy': npy, 'raw': raw, 'directory': directory, 'bytes': lambda path: np.fromfile(path, '<i8')}
            print(np.__version__, flush=True)
            for line in sys.stdin:
                kind, path = line.rstrip('\\n').split(' ', 1)
                try:
                    if not os.path.lexists(path):
                        print('none', flush=True)
                    else:
                        print('rows', *rows(how[kind](path)), flush=True)
                except Exception as e:
                    print('error', repr(e).replace('\\n', ' '), flush=True)
            """;

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;

    private NumpyReader(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Null where there is no NumPy. */
    static NumpyReader start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of("python3", "-c", SCRIPT)).redirectError(Redirect.DISCARD);
        builder.environment().remove("LD_PRELOAD");
        try {
            NumpyReader started = new NumpyReader(builder.start());
            return started.answers.readLine() == null ? null : started;
        } catch (IOException e) {
            return null;
        }
    }

    /** Reads a target with the help of what stands beside it. */
    Found read(WriteKind kind, Path target) throws IOException {
        return found(kind, kind.isDirectory() ? "directory" : kind.isRaw() ? "raw" : "npy", target);
    }

    /** Reads a raw file by what the user knows of it. */
    Found readBytes(WriteKind kind, Path target) throws IOException {
        return found(kind, "bytes", target);
    }

    private Found found(WriteKind kind, String how, Path target) throws IOException {
        questions.write(how + " " + target + "\n");
        questions.flush();
        String answer = answers.readLine();
        if (answer == null || answer.startsWith("error")) {
            return new Found(State.ERROR, "NumPy: " + answer);
        }
        String[] words = answer.split(" ");
        long[] rows = answer.endsWith("none")
                ? null
                : Arrays.stream(words, 1, words.length)
                        .mapToLong(word -> (long) Double.parseDouble(word))
                        .toArray();
        State state = how.equals("bytes") ? kind.stateOfBytes(rows) : kind.state(rows);
        return new Found(state, rows == null ? "nothing there" : "NumPy: " + SparkReader.text(rows));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
