package io.memmap.benchmark;

import io.memmap.benchmark.Workload.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** DuckDB in this process, on two threads, over Spark's uncompressed Parquet files. */
record DuckDbContender(Connection connection) implements Contender {

    static DuckDbContender connect() throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET threads=2");
        }
        return new DuckDbContender(connection);
    }

    @Override
    public String name() {
        return "duckdb";
    }

    @Override
    public String title() {
        return "DuckDB on Parquet";
    }

    @Override
    public Optional<String> version() {
        try {
            return Optional.of("DuckDB " + connection.getMetaData().getDatabaseProductVersion());
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public Optional<Query> query(Workload workload, DataFiles files) throws IOException {
        Task task = workload.task();
        if (task != Task.QUERY && task != Task.ETL) {
            return Optional.empty();
        }
        String rows = rows(files.parquet(workload.data(), "uncompressed"));
        if (task == Task.QUERY) {
            return Optional.of(() -> Answer.timed(() -> {
                execute("CREATE OR REPLACE TEMP VIEW t AS " + rows);
                return numbers(workload.sql());
            }));
        }
        return Optional.of(() -> etl(rows, files.target(this)));
    }

    private Answer etl(String rows, Path target) throws Exception {
        Answer written = Answer.timed(() -> {
            execute("COPY (" + rows + ") TO '" + target + "' (FORMAT parquet, COMPRESSION uncompressed)");
            return new double[0];
        });
        double[] count = numbers("SELECT count(*) FROM read_parquet('" + target + "')");
        DataFiles.delete(target);
        return new Answer(written.seconds(), count);
    }

    private static String rows(Path parquet) {
        return "SELECT * FROM read_parquet('" + parquet + "/*.parquet')";
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private double[] numbers(String sql) throws SQLException {
        DoubleStream.Builder numbers = DoubleStream.builder();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                for (int column = 1; column <= columns; column++) {
                    numbers.add(rows.getDouble(column));
                }
            }
        }
        return numbers.build().toArray();
    }
}
