package io.memmap.format;

import io.memmap.format.Reading.TrailingBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Files in memory, which formats read as those of a directory {@code /d}. */
final class Folder {
    static final Claims NOTHING = new Claims(Claims.Source.OPTIONS, null, null, null, null, null, List.of(), null);

    private final Map<String, byte[]> files = new HashMap<>();
    private final Map<String, Long> lengths = new HashMap<>();

    Folder with(String name, byte[] bytes) {
        return with(name, bytes, bytes.length);
    }

    /** A file that begins with these bytes and is zeros up to its length. */
    Folder with(String name, byte[] bytes, long nbytes) {
        files.put(name, bytes);
        lengths.put(name, nbytes);
        return this;
    }

    /** Describes a file as a query without options does. */
    ArrayFile describe(String name) throws IOException {
        return describe(name, NOTHING, null, TrailingBytes.AUTO);
    }

    ArrayFile describeMember(String name, String member) throws IOException {
        return describe(name, NOTHING, member, TrailingBytes.AUTO);
    }

    ArrayFile describe(String name, Claims options) throws IOException {
        return describe(name, options, null, TrailingBytes.AUTO);
    }

    ArrayFile describe(String name, Claims options, String member, TrailingBytes trailing) throws IOException {
        return describe(name, new Reading(options, null, trailing, true, NpyHeader.MAX_TEXT_NBYTES, member));
    }

    ArrayFile describe(String name, Reading reading) throws IOException {
        return ArrayDescriber.describe(new Entry(name), Optional.empty(), Optional.empty(), reading);
    }

    /** Describes a file in one line: {@code /d/x.fbin xbin: <f4 (2, 3) at 8}. */
    String shown(String name) throws IOException {
        return shown(describe(name));
    }

    static String shown(ArrayFile file) {
        String member = file.origin().member();
        return file.path() + " " + file.origin().format() + (member.isEmpty() ? "" : "#" + member) + ": "
                + file.layout().dtype() + " " + file.layout().shape() + " at "
                + file.layout().offset();
    }

    static Claims container(String name) {
        return new Claims(
                Claims.Source.OPTIONS,
                null,
                null,
                null,
                null,
                ArrayFormats.find(name).orElseThrow(),
                List.of(),
                null);
    }

    /** Little-endian bytes of numbers, by their types. */
    static byte[] bytes(Object... values) {
        return bytes(ByteOrder.LITTLE_ENDIAN, values);
    }

    static byte[] bytes(ByteOrder byteOrder, Object... values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Object value : values) {
            if (value instanceof byte[] array) {
                bytes.writeBytes(array);
                continue;
            }
            ByteBuffer item = ByteBuffer.allocate(Long.BYTES).order(byteOrder);
            if (value instanceof Byte number) {
                item.put(number);
            } else if (value instanceof Short number) {
                item.putShort(number);
            } else if (value instanceof Integer number) {
                item.putInt(number);
            } else if (value instanceof Float number) {
                item.putFloat(number);
            } else {
                item.putLong((Long) value);
            }
            bytes.write(item.array(), 0, item.position());
        }
        return bytes.toByteArray();
    }

    /** One file of the folder. */
    private final class Entry implements FormatInput {
        private final String name;

        Entry(String name) {
            this.name = name;
        }

        private byte[] bytes() {
            return files.get(name);
        }

        @Override
        public String path() {
            return "/d/" + name;
        }

        @Override
        public Fingerprint fingerprint() {
            return new Fingerprint("ino=" + name, lengths.get(name), 0);
        }

        @Override
        public byte[] prefix() {
            return read(0, PREFIX_NBYTES);
        }

        @Override
        public byte[] read(long offset, int nbytes) {
            int count = (int) Math.max(Math.min(nbytes, lengths.get(name) - offset), 0);
            int from = (int) Math.min(offset, bytes().length);
            return Arrays.copyOfRange(bytes(), from, from + count);
        }

        @Override
        public Optional<FormatInput> companion(String other) {
            return files.containsKey(other) ? Optional.of(new Entry(other)) : Optional.empty();
        }
    }
}
