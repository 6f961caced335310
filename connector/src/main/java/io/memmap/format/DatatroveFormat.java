package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens of datatrove: a {@code .ds} file without a header, of 2 or 4 bytes a token. Beside it there may be
 * {@code .ds.metadata} with the length and number of tokens, {@code .ds.index} with the ends of the documents, and
 * {@code .ds.loss} with a bool per token.
 */
final class DatatroveFormat implements ArrayFormat {
    private static final String SUFFIX = ".ds";
    private static final String METADATA_SUFFIX = ".metadata";
    private static final String INDEX_SUFFIX = ".index";
    private static final String LOSS_SUFFIX = ".loss";
    private static final String TOKENS = "tokens";

    /**
     * The first line has the name of a tokenizer, and since tokens have several lengths that length; the second line has
     * the number of tokens.
     */
    private static final Pattern METADATA =
            Pattern.compile("([^\n]*\\|(\\d{1,9})|[^\n|]*+)\\h*+\r?(?:\n(\\d{1,15})?.*)?", Pattern.DOTALL);

    private static final int METADATA_NBYTES = 1 << 16;

    @Override
    public String name() {
        return "datatrove";
    }

    @Override
    public boolean namesMembers() {
        return true;
    }

    @Override
    public boolean hasName(String fileName) {
        return fileName.endsWith(SUFFIX);
    }

    @Override
    public boolean isCompanion(String fileName) {
        return List.of(METADATA_SUFFIX, INDEX_SUFFIX, LOSS_SUFFIX).stream()
                .anyMatch(suffix -> fileName.endsWith(SUFFIX + suffix));
    }

    @Override
    public Optional<String> defaultMember() {
        return Optional.of(TOKENS);
    }

    @Override
    public List<Member> members(FormatInput input, Reading reading) throws IOException {
        return new Dataset(this, input, reading).members();
    }

    /** One {@code .ds} file and its companions. */
    private static final class Dataset {
        private final ArrayFormat format;
        private final FormatInput input;
        private final Reading reading;
        private final Optional<FormatInput> index;
        private final List<Companion> companions = new ArrayList<>();
        /** The number of tokens that the metadata has; -1 where it has none. */
        private long declared = -1;

        Dataset(ArrayFormat format, FormatInput input, Reading reading) throws IOException {
            this.format = format;
            this.input = input;
            this.reading = reading;
            this.index = input.companion(input.name() + INDEX_SUFFIX);
        }

        List<Member> members() throws IOException {
            int itemsize = itemsize();
            long nbytes = input.fingerprint().nbytes();
            if (nbytes % itemsize != 0) {
                throw refusal(nbytes + " bytes are no whole number of tokens of " + itemsize
                        + " bytes, expected a multiple; it is truncated or still being written");
            }
            long count = nbytes / itemsize;
            checkIndex(count);
            checkDeclared(count);
            List<Member> members = new ArrayList<>();
            Layout tokens = layout(itemsize == Short.BYTES ? "<u2" : "<u4", count);
            members.add(Member.of(inRows(array(input, TOKENS, tokens, companions))));
            if (index.isPresent()) {
                members.add(Member.of(ends(index.get())));
            }
            Optional<FormatInput> loss = input.companion(input.name() + LOSS_SUFFIX);
            if (loss.isPresent()) {
                members.add(loss(loss.get(), count));
            }
            return members;
        }

        private Member loss(FormatInput loss, long count) {
            long nbytes = loss.fingerprint().nbytes();
            return nbytes == count
                    ? Member.of(inRows(array(loss, "loss", layout("|b1", count), companions)))
                    : Member.refused(
                            input.path(),
                            "loss",
                            "its file " + loss.name() + " has " + nbytes + " bytes, expected one per token, " + count
                                    + "; one of the two is truncated or still being written");
        }

        private ArrayFile ends(FormatInput index) {
            Layout ends = layout("<u8", index.fingerprint().nbytes() / Long.BYTES);
            return array(index, "ends", ends, List.of());
        }

        /** An item per token as documents, which are its sequences, if the request asks for them. */
        private ArrayFile inRows(ArrayFile perToken) {
            if (reading.rows() == Sequences.Rows.ELEMENTS || index.isEmpty()) {
                return perToken;
            }
            ArrayFile ends = ends(index.get());
            return perToken.withSequences(new Sequences(ends.layout().rowCount(), ends, 1, 1, null, null));
        }

        private ArrayFile array(FormatInput file, String member, Layout layout, List<Companion> others) {
            Origin origin = Origin.stored(format, member, 0).withCompanions(others);
            return new ArrayFile(file.path(), file.fingerprint(), ByteString.EMPTY, layout, origin);
        }

        private static Layout layout(String dtype, long count) {
            return new Layout(DType.parse(dtype), Shape.of(count), Order.C, 0);
        }

        private int itemsize() throws IOException {
            Optional<FormatInput> metadata = input.companion(input.name() + METADATA_SUFFIX);
            if (metadata.isPresent()) {
                companions.add(Companion.of(metadata.get()));
                return ofMetadata(metadata.get());
            }
            OptionalInt byIndex = ofIndex();
            if (byIndex.isPresent()) {
                return byIndex.getAsInt();
            }
            DType given = reading.claims().dtype();
            if (given == null) {
                throw ofUnknownLength();
            }
            return given.itemsize() == Short.BYTES ? Short.BYTES : Integer.BYTES;
        }

        private NpyFormatException ofUnknownLength() throws IOException {
            long nbytes = input.fingerprint().nbytes();
            long tokens = lastEnd();
            if (index.isPresent() && (nbytes != 0 || tokens != 0)) {
                return refusal("its index " + index.get().name() + " ends with token " + tokens + ", but the file has "
                        + nbytes
                        + " bytes, expected 2 or 4 for each token; one of the two is truncated or still being written");
            }
            return refusal("nothing says whether its tokens have 2 or 4 bytes, expected " + input.name()
                    + METADATA_SUFFIX + (index.isPresent() ? "" : " or " + input.name() + INDEX_SUFFIX)
                    + " beside it, or the option dtype (dtype='<u2' or '<u4')");
        }

        private int ofMetadata(FormatInput metadata) throws IOException {
            String text = new String(metadata.read(0, METADATA_NBYTES), StandardCharsets.UTF_8);
            Matcher line = METADATA.matcher(text);
            int itemsize = 0;
            if (line.matches()) {
                declared = line.group(3) == null ? -1 : Long.parseLong(line.group(3));
                itemsize = line.group(2) == null ? ofDeclared() : Integer.parseInt(line.group(2));
            }
            if (itemsize != Short.BYTES && itemsize != Integer.BYTES) {
                String first = text.lines().findFirst().orElse("");
                throw new NpyFormatException(
                        metadata.path(),
                        "its first line is '" + first.substring(0, Math.min(first.length(), 80))
                                + "', expected the name of a tokenizer, a bar and the length of a token, 2 or 4");
            }
            return itemsize;
        }

        /** Metadata without the length of a token is older than tokens of 4 bytes. */
        private int ofDeclared() throws IOException {
            long nbytes = input.fingerprint().nbytes();
            return declared < 0 ? 0 : nbytes > 0 && nbytes == declared * Integer.BYTES ? Integer.BYTES : Short.BYTES;
        }

        private void checkDeclared(long count) throws IOException {
            if (declared >= 0 && declared != count) {
                throw refusal("its metadata " + input.name() + METADATA_SUFFIX + " declares " + declared
                        + " tokens, but the file has " + count + ", expected as many; one of the two is truncated or"
                        + " still being written");
            }
        }

        /** The last end is the number of tokens. */
        private OptionalInt ofIndex() throws IOException {
            long tokens = lastEnd();
            long nbytes = input.fingerprint().nbytes();
            for (int itemsize : new int[] {Short.BYTES, Integer.BYTES}) {
                if (tokens > 0 && nbytes % itemsize == 0 && nbytes / itemsize == tokens) {
                    return OptionalInt.of(itemsize);
                }
            }
            return OptionalInt.empty();
        }

        private void checkIndex(long count) throws IOException {
            if (index.isEmpty()) {
                return;
            }
            companions.add(Companion.of(index.get()));
            long tokens = lastEnd();
            if (index.get().fingerprint().nbytes() % Long.BYTES != 0 || tokens != count) {
                throw refusal("its index " + index.get().name() + " of "
                        + index.get().fingerprint().nbytes() + " bytes ends with token " + tokens
                        + ", but the file has "
                        + count + " tokens, expected as many; one of the two is truncated or still being written");
            }
        }

        /** 0 where there is no document. */
        private long lastEnd() throws IOException {
            long nbytes = index.isPresent() ? index.get().fingerprint().nbytes() : 0;
            byte[] last = nbytes < Long.BYTES
                    ? new byte[0]
                    : index.get().read(nbytes / Long.BYTES * Long.BYTES - Long.BYTES, Long.BYTES);
            return last.length < Long.BYTES
                    ? 0
                    : ByteBuffer.wrap(last).order(ByteOrder.LITTLE_ENDIAN).getLong();
        }

        private NpyFormatException refusal(String problem) {
            return new NpyFormatException(input.path(), problem);
        }
    }
}
