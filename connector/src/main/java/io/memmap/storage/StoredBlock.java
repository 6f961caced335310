package io.memmap.storage;

import io.memmap.format.ArrayFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Bytes {@code [start, end)} of a file and the hosts that have them on disks of their own. Driver only. */
public record StoredBlock(long start, long end, List<String> hosts) {
    public StoredBlock {
        hosts = List.copyOf(hosts);
    }

    /**
     * Returns the hosts that store each part of these files on local disks.
     *
     * @param ranges the part of each file that matters
     * @return the blocks of each file, ascending; files of which nothing is known are left out
     */
    public static Map<ArrayFile, List<StoredBlock>> of(Map<ArrayFile, ByteRange> ranges, HadoopSettings settings)
            throws IOException {
        List<Callable<Map.Entry<ArrayFile, List<StoredBlock>>>> requests = new ArrayList<>();
        for (Map.Entry<ArrayFile, ByteRange> range : ranges.entrySet()) {
            ArrayFile file = range.getKey();
            if (Storage.of(file.path(), settings) instanceof HadoopStorage storage) {
                requests.add(() -> Map.entry(file, storage.blocks(file, range.getValue())));
            }
        }
        return SideBySide.all("locate the blocks", requests, Callable::call).stream()
                .filter(located -> !located.getValue().isEmpty())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
