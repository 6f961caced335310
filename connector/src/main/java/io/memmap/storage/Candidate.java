package io.memmap.storage;

import io.memmap.format.Claims;
import java.util.Optional;

/**
 * A file to describe, and what is said about it. Driver only.
 *
 * @param argument the number of the given path that led to it
 * @param sidecar the path of its sidecar
 * @param listed the claims of the manifest that lists it
 */
record Candidate(int argument, Storage storage, StoredFile file, Optional<String> sidecar, Optional<Claims> listed) {}
