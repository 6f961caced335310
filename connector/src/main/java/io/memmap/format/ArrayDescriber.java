package io.memmap.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Describes one file: chooses its format and has it compare the header with the sidecar, the manifest of the directory and
 * the options. Reads the first bytes of the file only.
 */
public final class ArrayDescriber {
    private final FormatInput input;
    private final Reading reading;
    private final List<Claims> claims = new ArrayList<>();
    private final Optional<Sidecar> sidecar;
    private final boolean listed;

    private ArrayDescriber(FormatInput input, Optional<Sidecar> sidecar, Optional<Claims> listed, Reading reading) {
        this.input = input;
        this.reading = reading;
        this.sidecar = sidecar;
        this.listed = listed.isPresent();
        claims.add(reading.claims());
        sidecar.map(found -> found.claims(input.path())).ifPresent(claims::add);
        listed.ifPresent(claims::add);
    }

    /**
     * Describes the only array of a file.
     *
     * @throws IOException as {@link #describeMembers}, and when several arrays could be meant
     */
    public static ArrayFile describe(
            FormatInput input, Optional<Sidecar> sidecar, Optional<Claims> listed, Reading reading) throws IOException {
        List<ArrayFile> members = describeMembers(input, sidecar, listed, reading);
        if (members.size() > 1) {
            throw new IOException("Cannot read " + input.path() + ": it holds several arrays, "
                    + members.stream().map(file -> file.origin().member()).collect(Collectors.joining(", "))
                    + ", expected one; name the member");
        }
        return members.get(0);
    }

    /**
     * Describes the arrays of a file that the query reads: one, or several side by side.
     *
     * @param listed the claims of a manifest
     * @throws IOException naming the file, when it is no array, its descriptions contradict each other, or it is shorter
     *     than they say
     */
    public static List<ArrayFile> describeMembers(
            FormatInput input, Optional<Sidecar> sidecar, Optional<Claims> listed, Reading reading) throws IOException {
        ArrayDescriber describer = new ArrayDescriber(input, sidecar, listed, reading);
        describer.checkWrittenLength();
        ArrayFormat format = describer.format();
        List<Member> members = input.members(format, reading);
        List<ArrayFile> chosen =
                new MemberChoice(input.path(), format, members, describer.claims).choose(reading.member());
        for (ArrayFile file : chosen) {
            describer.checkRows(file);
        }
        return chosen;
    }

    private void checkRows(ArrayFile file) throws IOException {
        if (reading.rows() != Sequences.Rows.ELEMENTS && file.sequences() == null) {
            throw new IOException("Cannot read " + file.shownName() + " with layout="
                    + reading.rows().name().toLowerCase(Locale.ROOT)
                    + ": nothing says where its sequences begin, expected the tokens of an indexed dataset of Megatron"
                    + " or fairseq (.bin and .idx) or of datatrove (.ds and .ds.index); remove the option layout");
        }
    }

    private void checkWrittenLength() throws IOException {
        long written = sidecar.isPresent() ? sidecar.get().fileNbytes().orElse(0) : 0;
        long nbytes = input.fingerprint().nbytes();
        if (nbytes < written) {
            throw new IOException("Cannot read " + input.path() + ": it has " + nbytes + " bytes, expected at least "
                    + written + " as when its sidecar " + Sidecar.pathOf(input.path())
                    + " was written; it was truncated, or set sidecar=ignore");
        }
    }

    private ArrayFormat format() throws IOException {
        if (reading.claims().container() != null) {
            return reading.claims().container();
        }
        Optional<ArrayFormat> known = reading.formats().of(input);
        if (known.isEmpty() && !isDescribed() && !hasDType()) {
            known = reading.formats().resembling(input);
        }
        if (known.isEmpty()) {
            checkRaw();
        }
        return known.filter(format -> format == ArrayFormats.NPY || !isDescribed())
                .orElse(ArrayFormats.RAW);
    }

    /** Returns true if a sidecar, a manifest or an offset says where the data of a file without a .npy header begin. */
    private boolean isDescribed() {
        return sidecar.isPresent() || listed || RawFormat.offset(reading.claims()) > 0;
    }

    private boolean hasDType() {
        return reading.schemaDtype() != null || RawFormat.hasDType(claims);
    }

    private void checkRaw() throws IOException {
        String path = input.path();
        checkNotForeign();
        if (!hasDType()) {
            throw new UndescribedFileException(
                    path,
                    "Cannot read " + path + ": it is no .npy file and nothing says what it holds, expected a .npy file,"
                            + " a sidecar " + Sidecar.pathOf(path) + ", or the option dtype (for example dtype='<f8')");
        }
    }

    /** The header of another format is no data. */
    private void checkNotForeign() throws IOException {
        String advice = isDescribed()
                ? null
                : FileMagic.advice(input.prefix(), input.fingerprint().nbytes());
        if (advice != null) {
            throw new NpyFormatException(
                    input.path(),
                    "it " + advice + ", expected a .npy file; to read its bytes as they are, set container=raw"
                            + (hasDType()
                                    ? ""
                                    : " and give a sidecar " + Sidecar.pathOf(input.path())
                                            + " or the option dtype (for example dtype='<f8')")
                            + "; to read other files of its directory, set pathGlobFilter (for example *.bin)");
        }
    }
}
