package io.memmap.storage;

import java.util.List;

/** Bytes {@code [start, end)} of a file and the hosts that have them on disks of their own. Driver only. */
public record StoredBlock(long start, long end, List<String> hosts) {
    public StoredBlock {
        hosts = List.copyOf(hosts);
    }
}
