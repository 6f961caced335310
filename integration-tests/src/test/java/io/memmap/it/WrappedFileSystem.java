package io.memmap.it;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Local files under the scheme {@code wrapped}, which is there only where the driver's Hadoop settings are, and opens
 * only with {@code fs.wrapped.key}.
 */
public final class WrappedFileSystem extends RawLocalFileSystem {
    static final String SCHEME = "wrapped";
    static final String KEY = "fs.wrapped.key";
    static final URI ROOT = URI.create(SCHEME + ":///");

    @Override
    public void initialize(URI uri, Configuration configuration) throws IOException {
        if (!"open".equals(configuration.get(KEY))) {
            throw new IOException("no " + KEY + " for " + uri);
        }
        super.initialize(uri, configuration);
    }

    @Override
    public URI getUri() {
        return ROOT;
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }
}
