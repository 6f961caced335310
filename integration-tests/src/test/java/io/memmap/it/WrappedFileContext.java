package io.memmap.it;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;

/** {@link WrappedFileSystem} for Hadoop's {@code FileContext}. */
public final class WrappedFileContext extends DelegateToFileSystem {

    public WrappedFileContext(URI uri, Configuration configuration) throws IOException, URISyntaxException {
        super(uri, new WrappedFileSystem(), configuration, WrappedFileSystem.SCHEME, false);
    }
}
