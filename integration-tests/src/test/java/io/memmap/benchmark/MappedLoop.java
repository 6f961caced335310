package io.memmap.benchmark;

import io.memmap.memory.Mapping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * The limit: a bare loop over a mapping made afresh, on two threads that take the pieces in turn. Pieces stay mapped until
 * the time is taken, and not while others are timed: a collector that unmaps gigabytes holds up their page faults.
 *
 * @param threads end with the contender
 */
record MappedLoop(ExecutorService threads) implements Contender {
    private static final int THREADS = 2;
    private static final long PIECE_NBYTES = 64 << 20;
    private static final int NPY_HEADER_NBYTES = 128;

    static MappedLoop start() {
        return new MappedLoop(Executors.newFixedThreadPool(THREADS));
    }

    /** Some whole rows of a file. */
    private record Piece(Path file, long offset, long nbytes) {}

    @Override
    public String name() {
        return "java";
    }

    @Override
    public String title() {
        return "bare Java loop, " + THREADS + " threads";
    }

    @Override
    public void close() {
        threads.shutdown();
    }

    @Override
    public Optional<Query> query(Workload workload, DataFiles files) throws IOException {
        if (workload.loop().isEmpty()) {
            return Optional.empty();
        }
        Path path = files.array(workload.data());
        return Optional.of(() -> {
            Queue<Mapping> mapped = new ConcurrentLinkedQueue<>();
            try {
                return Answer.timed(() -> answer(path, workload, mapped));
            } finally {
                mapped.forEach(Mapping::close);
            }
        });
    }

    private double[] answer(Path path, Workload workload, Queue<Mapping> mapped) throws Exception {
        DoubleStream.Builder answer = DoubleStream.builder();
        for (List<Piece> pieces : regions(path, workload)) {
            for (double value :
                    run(workload.loop().get(), pieces, workload.data().rows(), mapped)) {
                answer.add(value);
            }
        }
        return answer.build().toArray();
    }

    private double[] run(Kernel kernel, List<Piece> pieces, long rows, Queue<Mapping> mapped) throws Exception {
        AtomicInteger next = new AtomicInteger();
        List<Future<Optional<double[]>>> halves = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            halves.add(threads.submit(() -> Stream.generate(next::getAndIncrement)
                    .takeWhile(piece -> piece < pieces.size())
                    .map(piece -> kernel.piece().apply(map(pieces.get(piece), mapped)))
                    .reduce(kernel.merge())));
        }
        List<double[]> partial = new ArrayList<>();
        for (Future<Optional<double[]>> half : halves) {
            half.get().ifPresent(partial::add);
        }
        return kernel.finish().answer(partial.stream().reduce(kernel.merge()).orElseThrow(), rows);
    }

    private static ByteBuffer map(Piece piece, Queue<Mapping> mapped) {
        try (FileChannel channel = FileChannel.open(piece.file(), StandardOpenOption.READ)) {
            Mapping mapping = Mapping.map(channel, MapMode.READ_ONLY, piece.offset(), piece.nbytes());
            mapped.add(mapping);
            return mapping.buffer().order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** What is to be answered on its own: each column that is read of an array in Fortran order, else all rows. */
    private static List<List<Piece>> regions(Path path, Workload workload) throws IOException {
        Data data = workload.data();
        if (data.shards() > 0) {
            try (Stream<Path> shards = Files.list(path)) {
                long nbytes = data.rows() / data.shards() * data.rowNbytes();
                return List.of(shards.map(shard -> new Piece(shard, NPY_HEADER_NBYTES, nbytes))
                        .toList());
            }
        }
        if (!data.fortran()) {
            return List.of(pieces(path, 0, data.rows() * data.rowNbytes(), data.rowNbytes()));
        }
        long columnNbytes = data.rows() * data.itemsize();
        List<List<Piece>> columns = new ArrayList<>();
        for (int column = 0; column < workload.columnsRead(); column++) {
            columns.add(pieces(path, column * columnNbytes, columnNbytes, data.itemsize()));
        }
        return columns;
    }

    private static List<Piece> pieces(Path path, long offset, long nbytes, int rowNbytes) {
        long pieceNbytes = PIECE_NBYTES / rowNbytes * rowNbytes;
        List<Piece> pieces = new ArrayList<>();
        for (long at = 0; at < nbytes; at += pieceNbytes) {
            pieces.add(new Piece(path, offset + at, Math.min(pieceNbytes, nbytes - at)));
        }
        return pieces;
    }
}
