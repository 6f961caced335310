package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.format.TokenIndex.Part;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An indexed dataset of Megatron, NeMo, NeoX, fairseq or datatrove: tokens in a {@code .bin} file without a header, and
 * their dtype and sequences in the {@code .idx} file beside it. Either file may be named.
 */
final class MegatronFormat implements ArrayFormat {
    private static final String TOKENS = "tokens";
    private static final String DATA_SUFFIX = ".bin";
    private static final String INDEX_SUFFIX = ".idx";

    private static final Map<Integer, String> DTYPES =
            Map.of(1, "u1", 2, "i1", 3, "<i2", 4, "<i4", 5, "<i8", 6, "<f8", 8, "<u2", 9, "<u4", 10, "<u8");
    /** The double of fairseq, NeoX and the first Megatron, the single of Megatron since. */
    private static final int DOUBLE_OR_SINGLE = 7;

    private static final int FIRST_OF_FAIRSEQ = 9;
    /** Sizes of so many bytes are read to be summed, those of 262144 sequences of Megatron; of more only the last one. */
    private static final int SUMMED_NBYTES = 1 << 20;

    private static final String REMEDY = "; to read the tokens without the index, set container=raw and dtype";

    @Override
    public String name() {
        return "megatron";
    }

    @Override
    public boolean namesMembers() {
        return true;
    }

    @Override
    public boolean hasName(String fileName) {
        return fileName.endsWith(INDEX_SUFFIX);
    }

    @Override
    public boolean hasMagic(byte[] prefix, long fileNbytes) {
        return TokenIndex.hasMagic(prefix);
    }

    @Override
    public boolean recognizes(FormatInput input) throws IOException {
        if (!input.name().endsWith(DATA_SUFFIX)) {
            return TokenIndex.hasMagic(input.prefix());
        }
        Optional<FormatInput> index = input.companion(sibling(input, DATA_SUFFIX, INDEX_SUFFIX));
        return index.isPresent() && TokenIndex.hasMagic(index.get().prefix());
    }

    @Override
    public List<String> impliedSuffixes() {
        return List.of(INDEX_SUFFIX);
    }

    @Override
    public Optional<String> defaultMember() {
        return Optional.of(TOKENS);
    }

    @Override
    public List<Member> members(FormatInput input, Reading reading) throws IOException {
        boolean byIndex = TokenIndex.hasMagic(input.prefix()) || input.name().endsWith(INDEX_SUFFIX);
        FormatInput index = byIndex ? input : beside(input, DATA_SUFFIX, INDEX_SUFFIX);
        TokenIndex parsed = TokenIndex.of(this, index, reading);
        FormatInput data = byIndex ? beside(input, INDEX_SUFFIX, DATA_SUFFIX) : input;
        List<Member> members = new ArrayList<>();
        ArrayFile tokens = new Tokens(parsed, data).describe(this);
        members.add(Member.of(
                reading.rows() == Sequences.Rows.ELEMENTS
                        ? tokens
                        : tokens.withSequences(
                                parsed.sequences(tokens.layout().dtype().itemsize(), reading.rows()))));
        for (Part part : parsed.parts()) {
            members.add(Member.of(parsed.array(part)));
        }
        return members;
    }

    private static String sibling(FormatInput input, String suffix, String other) {
        return input.name().substring(0, input.name().length() - suffix.length()) + other;
    }

    private static FormatInput beside(FormatInput input, String suffix, String other) throws IOException {
        if (!input.name().endsWith(suffix)) {
            throw new NpyFormatException(
                    input.path(),
                    "its name ends in neither .bin nor .idx, expected the tokens or the index of a dataset of Megatron or"
                            + " fairseq");
        }
        String name = sibling(input, suffix, other);
        return input.companion(name)
                .orElseThrow(() -> new NpyFormatException(
                        input.path(),
                        "the file " + name + " beside it is missing, expected "
                                + (suffix.equals(DATA_SUFFIX)
                                        ? "the index of its tokens"
                                        : "the tokens of this index")));
    }

    /** The tokens, whose length must be that of all sequences. */
    private record Tokens(TokenIndex index, FormatInput data) {

        ArrayFile describe(ArrayFormat format) throws IOException {
            DType dtype = index.tokenNbytes() < 0 ? ofMapped() : ofCached();
            long count = data.fingerprint().nbytes() / dtype.itemsize();
            return new ArrayFile(
                    data.path(),
                    data.fingerprint(),
                    ByteString.EMPTY,
                    new Layout(dtype, Shape.of(count), Order.C, 0),
                    Origin.stored(format, TOKENS, 0)
                            .withCompanions(List.of(Companion.of(index.header().input()))));
        }

        private DType ofCached() throws IOException {
            DType dtype = index.tokenCode() == DOUBLE_OR_SINGLE ? DType.parse("<f8") : ofCode();
            if (dtype.itemsize() != index.tokenNbytes()) {
                throw index.header()
                        .refusal("its code " + index.tokenCode() + " of a dtype means " + dtype
                                + ", but it declares items of " + index.tokenNbytes() + " bytes, expected "
                                + dtype.itemsize());
            }
            checkLength(index.item(TokenIndex.POINTERS, index.count()), dtype);
            // The axes of a sequence may be several.
            if (sizes().count() == index.count() && isSummed()) {
                checkLength(sumOfSizes(), dtype);
            }
            return dtype;
        }

        private DType ofMapped() throws IOException {
            List<DType> possible = index.tokenCode() == DOUBLE_OR_SINGLE
                    ? List.of(
                            DType.parse(index.fairseq() ? "<f8" : "<f4"), DType.parse(index.fairseq() ? "<f4" : "<f8"))
                    : List.of(ofCode());
            long n = index.count();
            long lastCount = isSummed() ? 0 : index.item(TokenIndex.SIZES, n - 1);
            if (lastCount > 0) {
                long lastStart = index.item(TokenIndex.POINTERS, n - 1);
                for (DType dtype : possible) {
                    if (lastStart + lastCount * dtype.itemsize()
                            == data.fingerprint().nbytes()) {
                        return dtype;
                    }
                }
            }
            // Programs that merge datasets may leave the sequences in another order than their pointers.
            long count = sumOfSizes();
            for (DType dtype : possible) {
                if (count * dtype.itemsize() == data.fingerprint().nbytes()) {
                    return dtype;
                }
            }
            checkLength(count, possible.get(0));
            return possible.get(0);
        }

        private DType ofCode() throws IOException {
            int code = index.tokenCode();
            String dtype = DTYPES.get(code);
            if (dtype == null || (code >= FIRST_OF_FAIRSEQ && !index.fairseq())) {
                throw index.header()
                        .refusal("its code " + code + " of a dtype is not known, expected 1 to "
                                + (index.fairseq() ? "10" : "8") + "; read its tokens by container=raw and dtype");
            }
            return DType.parse(dtype);
        }

        private Part sizes() {
            return index.part(TokenIndex.SIZES).orElseThrow();
        }

        private boolean isSummed() {
            return sizes().end() - sizes().offset() <= SUMMED_NBYTES;
        }

        private long sumOfSizes() throws IOException {
            Part sizes = sizes();
            int itemsize = sizes.dtype().itemsize();
            long sum = 0;
            for (long offset = sizes.offset(); offset < sizes.end(); offset += SUMMED_NBYTES) {
                int nbytes = (int) Math.min(SUMMED_NBYTES, sizes.end() - offset);
                ByteBuffer items = ByteBuffer.wrap(index.header().input().read(offset, nbytes))
                        .order(ByteOrder.LITTLE_ENDIAN);
                while (items.remaining() >= itemsize) {
                    long size = itemsize == Long.BYTES ? items.getLong() : items.getInt();
                    if (size < 0) {
                        throw index.header()
                                .refusal("it declares a sequence of " + size + " tokens, expected 0 or more" + REMEDY);
                    }
                    sum = size > Long.MAX_VALUE - sum ? Long.MAX_VALUE : sum + size;
                }
            }
            return sum;
        }

        private void checkLength(long count, DType dtype) throws IOException {
            long nbytes = data.fingerprint().nbytes();
            if (count < 0 || count > nbytes || count * dtype.itemsize() != nbytes) {
                throw new NpyFormatException(
                        data.path(),
                        "its index " + index.header().input().name() + " declares " + count + " tokens of " + dtype
                                + ", expected as many, but the file has " + nbytes
                                + " bytes; one of the two is truncated, or belongs to another dataset" + REMEDY);
            }
        }
    }
}
