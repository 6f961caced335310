package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens with companions: {@link MegatronFormat} and {@link DatatroveFormat}. */
class TokenFormatsTest {
    private static final byte[] MAPPED = NpyBytes.bytes("MMIDIDX\0\0");
    private static final byte[] CACHED = NpyBytes.bytes("TNTIDX\0\0");

    /** Sequences of 2, 0 and 3 tokens in two documents, as Megatron writes their index. */
    private static byte[] megatron(int code, int itemsize) {
        long second = 2L * itemsize;
        return Folder.bytes(MAPPED, 1L, (byte) code, 3L, 3L, 2, 0, 3, 0L, second, second, 0L, 2L, 3L);
    }

    /** The same as fairseq writes it. */
    private static byte[] fairseq(int code, int itemsize) {
        long second = 2L * itemsize;
        return Folder.bytes(MAPPED, 1L, (byte) code, 3L, 2, 0, 3, 0L, second, second);
    }

    private static Folder folder(byte[] index, int dataNbytes) {
        return new Folder().with("x.idx", index).with("x.bin", new byte[dataNbytes]);
    }

    @ParameterizedTest
    @CsvSource({
        "1, |u1, 1",
        "2, |i1, 1",
        "3, <i2, 2",
        "4, <i4, 4",
        "5, <i8, 8",
        "6, <f8, 8",
        "7, <f4, 4",
        "7, <f8, 8",
        "8, <u2, 2"
    })
    void bothLayoutsOfAMappedIndexAreRead(int code, String dtype, int itemsize) throws IOException {
        for (byte[] index : List.of(megatron(code, itemsize), fairseq(code, itemsize))) {
            Folder folder = folder(index, 5 * itemsize);
            String tokens = "/d/x.bin megatron#tokens: " + dtype + " (5,) at 0";
            assertThat(folder.shown("x.idx")).isEqualTo(tokens);
            assertThat(folder.shown("x.bin")).isEqualTo(tokens);
        }
    }

    @ParameterizedTest
    @CsvSource({"9, <u4, 4", "10, <u8, 8"})
    void twoCodesAreThoseOfFairseqOnly(int code, String dtype, int itemsize) throws IOException {
        assertThat(folder(fairseq(code, itemsize), 5 * itemsize).shown("x.bin"))
                .isEqualTo("/d/x.bin megatron#tokens: " + dtype + " (5,) at 0");
        assertThatThrownBy(() -> folder(megatron(code, itemsize), 5 * itemsize).shown("x.bin"))
                .hasMessage("Cannot read /d/x.idx: its code " + code + " of a dtype is not known, expected 1 to 8;"
                        + " read its tokens by container=raw and dtype");
    }

    @Test
    void theIndexIsReadableByMember() throws IOException {
        Folder folder = folder(megatron(8, 2), 10);
        assertThat(Folder.shown(folder.describeMember("x.bin", "sizes")))
                .isEqualTo("/d/x.idx megatron#sizes: <i4 (3,) at 34");
        assertThat(Folder.shown(folder.describeMember("x.idx", "pointers")))
                .isEqualTo("/d/x.idx megatron#pointers: <i8 (3,) at 46");
        assertThat(Folder.shown(folder.describeMember("x.idx", "documents")))
                .isEqualTo("/d/x.idx megatron#documents: <i8 (3,) at 70");
        assertThat(Folder.shown(folder.describeMember("x.idx", "tokens")))
                .isEqualTo("/d/x.bin megatron#tokens: <u2 (5,) at 0");
        assertThatThrownBy(() -> folder.describeMember("x.bin", "modes"))
                .hasMessage(
                        "Cannot read /d/x.bin with member=modes: it holds no member modes; expected the option member to be"
                                + " one of these: tokens: <u2 of shape (5,); sizes: <i4 of shape (3,); pointers: <i8 of shape (3,);"
                                + " documents: <i8 of shape (3,)");
        assertThatThrownBy(() -> folder(fairseq(8, 2), 10).describeMember("x.bin", "documents"))
                .hasMessageContaining("it holds no member documents");
    }

    @Test
    void modesAreKnownByTheLength() throws IOException {
        byte[] index = NpyBytes.concat(megatron(4, 4), new byte[] {0, 1, 1});
        Folder folder = folder(index, 20);
        assertThat(folder.shown("x.bin")).isEqualTo("/d/x.bin megatron#tokens: <i4 (5,) at 0");
        assertThat(Folder.shown(folder.describeMember("x.bin", "modes")))
                .isEqualTo("/d/x.idx megatron#modes: |i1 (3,) at 94");
    }

    @Test
    void datasetsMayBeEmpty() throws IOException {
        byte[] none = Folder.bytes(MAPPED, 1L, (byte) 8, 0L);
        assertThat(folder(none, 0).shown("x.bin")).isEqualTo("/d/x.bin megatron#tokens: <u2 (0,) at 0");
        byte[] noDocument = Folder.bytes(MAPPED, 1L, (byte) 7, 0L, 1L, 0L);
        assertThat(folder(noDocument, 0).shown("x.bin")).isEqualTo("/d/x.bin megatron#tokens: <f4 (0,) at 0");
        assertThatThrownBy(() -> folder(none, 2).shown("x.bin"))
                .hasMessage(
                        "Cannot read /d/x.bin: its index x.idx declares 0 tokens of <u2, expected as many, but the file has"
                                + " 2 bytes; one of the two is truncated, or belongs to another dataset; to read the"
                                + " tokens without the index, set container=raw and dtype");
    }

    @Test
    void sequencesMayBePermutedAndEndWithAnEmptyOne() throws IOException {
        byte[] permuted = Folder.bytes(MAPPED, 1L, (byte) 7, 2L, 3, 2, 16L, 0L);
        assertThat(folder(permuted, 40).shown("x.bin")).isEqualTo("/d/x.bin megatron#tokens: <f8 (5,) at 0");
        assertThat(folder(permuted, 20).shown("x.bin")).isEqualTo("/d/x.bin megatron#tokens: <f4 (5,) at 0");
        byte[] emptyLast = Folder.bytes(MAPPED, 1L, (byte) 7, 2L, 5, 0, 0L, 20L);
        assertThat(folder(emptyLast, 20).shown("x.bin")).isEqualTo("/d/x.bin megatron#tokens: <f4 (5,) at 0");
        byte[] negative = Folder.bytes(MAPPED, 1L, (byte) 4, 2L, -1, 0, 0L, 20L);
        assertThatThrownBy(() -> folder(negative, 20).shown("x.bin"))
                .hasMessage("Cannot read /d/x.idx: it declares a sequence of -1 tokens, expected 0 or more; to read the"
                        + " tokens without the index, set container=raw and dtype");
    }

    @Test
    void tokensAndIndexMustFit() {
        for (int nbytes : new int[] {9, 11, 8, 12, 0}) {
            assertThatThrownBy(() -> folder(megatron(8, 2), nbytes).shown("x.bin"))
                    .isInstanceOf(NpyFormatException.class)
                    .hasMessage(
                            "Cannot read /d/x.bin: its index x.idx declares 5 tokens of <u2, expected as many, but the"
                                    + " file has " + nbytes
                                    + " bytes; one of the two is truncated, or belongs to another dataset; to read the"
                                    + " tokens without the index, set container=raw and dtype");
        }
        byte[] whole = megatron(8, 2);
        for (int nbytes : new int[] {whole.length - 1, 60, 34, 33, 20}) {
            assertThatThrownBy(() -> folder(Arrays.copyOf(whole, nbytes), 10).shown("x.bin"))
                    .isInstanceOf(NpyFormatException.class)
                    .hasMessageStartingWith("Cannot read /d/x.idx: its index declares ")
                    .hasMessageEndingWith("but the file has " + nbytes + "; it is truncated or still being written");
        }
        assertThatThrownBy(() -> folder(NpyBytes.concat(whole, new byte[1]), 10).shown("x.bin"))
                .hasMessage(
                        "Cannot read /d/x.idx: its index declares 3 sequences, expected a length of 62 or 94 or 97 bytes,"
                                + " but the file has 95; it is truncated or still being written");
        assertThatThrownBy(
                        () -> folder(Folder.bytes(MAPPED, 2L, (byte) 8, 0L), 0).shown("x.bin"))
                .hasMessage("Cannot read /d/x.idx: its index has version 2, expected 1");
        assertThatThrownBy(() -> folder(Folder.bytes(MAPPED, 1L, (byte) 8, Long.MAX_VALUE), 0)
                        .shown("x.bin"))
                .hasMessageContaining(
                        "declares 9223372036854775807 sequences, expected a length of at most 2^63-1 bytes");
    }

    @Test
    void aMissingFileIsNamed() {
        Folder lonely = new Folder().with("x.idx", megatron(8, 2));
        assertThatThrownBy(() -> lonely.shown("x.idx"))
                .hasMessage(
                        "Cannot read /d/x.idx: the file x.bin beside it is missing, expected the tokens of this index");
        Folder tokens = new Folder().with("x.bin", new byte[10]);
        assertThatThrownBy(() -> tokens.shown("x.bin")).isInstanceOf(UndescribedFileException.class);
        assertThatThrownBy(() -> tokens.describe("x.bin", Folder.container("megatron")))
                .hasMessage(
                        "Cannot read /d/x.bin: the file x.idx beside it is missing, expected the index of its tokens");
        assertThatThrownBy(() -> new Folder().with("x", new byte[10]).describe("x", Folder.container("megatron")))
                .hasMessageContaining("its name ends in neither .bin nor .idx");
    }

    @Test
    void otherIndexesAreNone() throws IOException {
        Folder folder =
                new Folder().with("x.idx", NpyBytes.bytes("\377tOc\0\0\0\2")).with("x.bin", new byte[10]);
        assertThatThrownBy(() -> folder.shown("x.idx"))
                .hasMessage(
                        "Cannot read /d/x.idx: it starts with the bytes ff 74 4f 63 00 00 00 02, expected MMIDIDX or TNTIDX"
                                + " as in every index of Megatron or fairseq; to read other files, set container=raw and dtype");
        Claims tokens = Claims.ofDType(Claims.Source.OPTIONS, DType.parse("<u2"));
        assertThat(Folder.shown(folder.describe("x.bin", tokens))).isEqualTo("/d/x.bin raw: <u2 (5,) at 0");
        assertThatThrownBy(() ->
                        new Folder().with("x", NpyBytes.bytes("HUFFIDX\0\0\0")).describe("x", tokens))
                .hasMessageContaining("it is an index of tokens that fairseq compressed with Huffman's code");
    }

    @Test
    void optionsAreComparedWithTheIndex() {
        Claims signed = Claims.ofDType(Claims.Source.OPTIONS, DType.parse("<i2"));
        assertThatThrownBy(() -> folder(megatron(8, 2), 10).describe("x.bin", signed))
                .hasMessageContaining("the option dtype=<i2 was given, but its header says dtype <u2");
    }

    @Test
    void aChangedIndexIsAChangedArray() throws IOException {
        assertThat(folder(megatron(8, 2), 10).describe("x.bin").origin().companions())
                .containsExactly(new Companion("/d/x.idx", new Fingerprint("ino=x.idx", 94, 0)));
        assertThat(folder(megatron(8, 2), 10)
                        .describeMember("x.bin", "sizes")
                        .header()
                        .buffer()
                        .slice(0, 9))
                .isEqualTo(ByteString.ofLatin1("MMIDIDX\0\0").buffer());
    }

    /** Dimensions of n sequences, their starts in items, their lengths. */
    private static byte[] cached(int code, long itemsize, boolean documents) {
        byte[] counts = Folder.bytes(CACHED, 1L, (long) code, itemsize, 3L, 3L);
        byte[] arrays = Folder.bytes(0L, 1L, 2L, 3L, 0L, 2L, 2L, 5L, 2L, 0L, 3L);
        return documents ? Folder.bytes(counts, 3L, arrays, 0L, 2L, 3L) : Folder.bytes(counts, arrays);
    }

    @ParameterizedTest
    @CsvSource({"4, <i4, 4", "8, <u2, 2", "7, <f8, 8", "6, <f8, 8"})
    void bothLayoutsOfACachedIndexAreRead(int code, String dtype, int itemsize) throws IOException {
        for (boolean documents : new boolean[] {false, true}) {
            Folder folder = folder(cached(code, itemsize, documents), 5 * itemsize);
            int start = documents ? 56 : 48;
            assertThat(folder.shown("x.bin")).isEqualTo("/d/x.bin megatron#tokens: " + dtype + " (5,) at 0");
            assertThat(Folder.shown(folder.describeMember("x.bin", "pointers")))
                    .isEqualTo("/d/x.idx megatron#pointers: <i8 (4,) at " + (start + 32));
            assertThat(Folder.shown(folder.describeMember("x.bin", "sizes")))
                    .isEqualTo("/d/x.idx megatron#sizes: <i8 (3,) at " + (start + 64));
        }
    }

    @Test
    void aCachedIndexMustNotContradictItself() {
        assertThatThrownBy(() -> folder(cached(6, 4, false), 20).shown("x.bin"))
                .hasMessage(
                        "Cannot read /d/x.idx: its code 6 of a dtype means <f8, but it declares items of 4 bytes, expected"
                                + " 8");
        assertThatThrownBy(() -> folder(cached(4, 4, true), 24).shown("x.bin"))
                .hasMessageContaining("declares 5 tokens of <i4, expected as many, but the file has 24 bytes");
    }

    private static byte[] metadata(String text) {
        return NpyBytes.bytes(text);
    }

    @Test
    void datatroveSaysTheLengthOfATokenBesideIt() throws IOException {
        byte[] index = Folder.bytes(2L, 2L, 5L);
        Folder both = new Folder()
                .with("00000_00001_shuffled.ds", new byte[20])
                .with("00000_00001_shuffled.ds.metadata", metadata("gpt2|v1|4\n5\n5 tokens"))
                .with("00000_00001_shuffled.ds.index", index)
                .with("00000_00001_shuffled.ds.loss", new byte[5]);
        String name = "00000_00001_shuffled.ds";
        assertThat(both.shown(name)).isEqualTo("/d/" + name + " datatrove#tokens: <u4 (5,) at 0");
        assertThat(Folder.shown(both.describeMember(name, "ends")))
                .isEqualTo("/d/" + name + ".index datatrove#ends: <u8 (3,) at 0");
        assertThat(Folder.shown(both.describeMember(name, "loss")))
                .isEqualTo("/d/" + name + ".loss datatrove#loss: |b1 (5,) at 0");
        assertThat(both.describe(name).origin().companions())
                .extracting(Companion::path)
                .containsExactly("/d/" + name + ".metadata", "/d/" + name + ".index");

        assertThat(new Folder()
                        .with("x.ds", new byte[10])
                        .with("x.ds.index", index)
                        .shown("x.ds"))
                .isEqualTo("/d/x.ds datatrove#tokens: <u2 (5,) at 0");
        assertThat(new Folder()
                        .with("x.ds", new byte[20])
                        .with("x.ds.index", index)
                        .shown("x.ds"))
                .isEqualTo("/d/x.ds datatrove#tokens: <u4 (5,) at 0");
        Claims wide = Claims.ofDType(Claims.Source.OPTIONS, DType.parse("<u4"));
        assertThat(Folder.shown(new Folder().with("x.ds", new byte[20]).describe("x.ds", wide)))
                .isEqualTo("/d/x.ds datatrove#tokens: <u4 (5,) at 0");
    }

    /** Its first releases wrote no length, as all tokens had 2 bytes. */
    @Test
    void datatroveOfOldTellsTheLengthByTheNumberOfTokens() throws IOException {
        for (String text : new String[] {"gpt2\n10\n10 T", "gpt2\r\n10\r\n", "/d/tokenizer.json \n10"}) {
            assertThat(new Folder()
                            .with("x.ds", new byte[20])
                            .with("x.ds.metadata", metadata(text))
                            .shown("x.ds"))
                    .as(text)
                    .isEqualTo("/d/x.ds datatrove#tokens: <u2 (10,) at 0");
        }
        assertThat(new Folder()
                        .with("x.ds", new byte[20])
                        .with("x.ds.metadata", metadata("gpt2\n5\n"))
                        .shown("x.ds"))
                .isEqualTo("/d/x.ds datatrove#tokens: <u4 (5,) at 0");
        assertThat(new Folder()
                        .with("x.ds", new byte[0])
                        .with("x.ds.metadata", metadata("gpt2\n0\n0 T"))
                        .shown("x.ds"))
                .isEqualTo("/d/x.ds datatrove#tokens: <u2 (0,) at 0");
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void datatroveMustFitItsCompanions() {
        assertThatThrownBy(() -> new Folder().with("x.ds", new byte[20]).shown("x.ds"))
                .hasMessage(
                        "Cannot read /d/x.ds: nothing says whether its tokens have 2 or 4 bytes, expected x.ds.metadata or"
                                + " x.ds.index beside it, or the option dtype (dtype='<u2' or '<u4')");
        Folder odd = new Folder().with("x.ds", new byte[21]).with("x.ds.metadata", metadata("gpt2|2\n10\n"));
        assertThatThrownBy(() -> odd.shown("x.ds"))
                .hasMessage(
                        "Cannot read /d/x.ds: 21 bytes are no whole number of tokens of 2 bytes, expected a multiple; it is"
                                + " truncated or still being written");
        Folder shorter = new Folder()
                .with("x.ds", new byte[18])
                .with("x.ds.metadata", metadata("gpt2|2"))
                .with("x.ds.index", Folder.bytes(3L, 10L));
        assertThatThrownBy(() -> shorter.shown("x.ds"))
                .hasMessage(
                        "Cannot read /d/x.ds: its index x.ds.index of 16 bytes ends with token 10, but the file has 9"
                                + " tokens, expected as many; one of the two is truncated or still being written");
        String spaces = " ".repeat(65_000) + "|x";
        for (String text : new String[] {"gpt2|3\n5", "gpt2", "", "gpt2|99999999999", "|", "a\nb|2", spaces}) {
            Folder folder = new Folder().with("x.ds", new byte[20]).with("x.ds.metadata", metadata(text));
            assertThatThrownBy(() -> folder.shown("x.ds"))
                    .isInstanceOf(NpyFormatException.class)
                    .hasMessageStartingWith("Cannot read /d/x.ds.metadata: its first line is '")
                    .hasMessageEndingWith(
                            "', expected the name of a tokenizer, a bar and the length of a token, 2 or 4");
        }
        for (String text : new String[] {"gpt2|2\n9\n9 T", "gpt2|2\r\n11", "gpt2\n9\n9 T"}) {
            Folder folder = new Folder().with("x.ds", new byte[20]).with("x.ds.metadata", metadata(text));
            assertThatThrownBy(() -> folder.shown("x.ds"))
                    .isInstanceOf(NpyFormatException.class)
                    .hasMessage("Cannot read /d/x.ds: its metadata x.ds.metadata declares "
                            + (text.contains("9") ? 9 : 11) + " tokens, but the file has 10, expected as many; one of"
                            + " the two is truncated or still being written");
        }
        Folder loss = new Folder()
                .with("x.ds", new byte[20])
                .with("x.ds.metadata", metadata("gpt2|2\n10\n"))
                .with("x.ds.loss", new byte[9]);
        assertThatThrownBy(() -> loss.describeMember("x.ds", "loss"))
                .hasMessage("Cannot read /d/x.ds#loss: its file x.ds.loss has 9 bytes, expected one per token, 10;"
                        + " one of the two is truncated or still being written");
    }
}
