package io.memmap.format;

import io.memmap.dtype.DType;

/**
 * A request to describe files.
 *
 * @param claims of the user
 * @param schemaDtype the dtype of the requested columns as a packed record, for raw files that nothing else describes; or
 *     null
 * @param sidecars whether sidecars are read
 * @param maxHeaderNbytes the longest text of a .npy header that is read
 * @param member the names of the members that are read of each container, with commas between them; null for all readable
 *     ones
 * @param rows what a row of an indexed dataset is
 * @param formats those that the request knows
 */
public record Reading(
        Claims claims,
        DType schemaDtype,
        TrailingBytes trailingBytes,
        boolean sidecars,
        int maxHeaderNbytes,
        String member,
        Sequences.Rows rows,
        ArrayFormats formats) {

    /** A request for the rows of arrays that knows all formats. */
    public Reading(
            Claims claims,
            DType schemaDtype,
            TrailingBytes trailingBytes,
            boolean sidecars,
            int maxHeaderNbytes,
            String member) {
        this(
                claims,
                schemaDtype,
                trailingBytes,
                sidecars,
                maxHeaderNbytes,
                member,
                Sequences.Rows.ELEMENTS,
                ArrayFormats.known());
    }

    /** A request for a member about which nothing else is said; null for the only readable one. */
    public static Reading of(String member) {
        return new Reading(
                Claims.none(Claims.Source.OPTIONS), null, TrailingBytes.AUTO, false, NpyHeader.MAX_TEXT_NBYTES, member);
    }

    /** The same request for all members, whoever states nothing about them. */
    public Reading ofAllMembers() {
        Claims same = claims.equals(Claims.none(claims.source())) ? Claims.none(Claims.Source.OPTIONS) : claims;
        return new Reading(same, schemaDtype, trailingBytes, sidecars, maxHeaderNbytes, null, rows, formats);
    }

    /** The handling of bytes after the array. */
    public enum TrailingBytes {
        /** Ignored after the array of a .npy header or sidecar, as an append may be under way; refused in a raw file. */
        AUTO,
        ERROR,
        IGNORE
    }
}
