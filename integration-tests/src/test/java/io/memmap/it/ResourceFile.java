package io.memmap.it;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** Files of {@code src/test/resources}, as files: a memmap cannot be read from a stream. */
final class ResourceFile {

    private ResourceFile() {}

    /** The path of a resource, given from the root of the class path. */
    static Path of(String name) {
        URL url = ResourceFile.class.getResource("/" + name);
        if (url == null) {
            throw new IllegalArgumentException("Cannot find a test resource: " + name + ", expected on the class path");
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("Cannot find a test resource: " + url + ", expected a file URL", e);
        }
    }
}
