package io.memmap.benchmark;

import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * The bare loops: plain Java over a little-endian mapping of less than 2 GiB, with as many accumulators as keep the
 * additions from waiting for each other.
 */
final class Kernels {

    private Kernels() {}

    static Kernel sumOfDoubles() {
        return Kernel.adding(rows -> new double[] {sum(rows, Double.BYTES)});
    }

    /** The first of some columns in C order. */
    static Kernel sumOfFirst(int columns) {
        return Kernel.adding(rows -> new double[] {sum(rows, columns * Double.BYTES)});
    }

    private static double sum(ByteBuffer rows, int stride) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        double e = 0;
        double f = 0;
        double g = 0;
        double h = 0;
        int at = 0;
        int end = rows.limit();
        for (; at <= end - 8 * stride; at += 8 * stride) {
            a += rows.getDouble(at);
            b += rows.getDouble(at + stride);
            c += rows.getDouble(at + 2 * stride);
            d += rows.getDouble(at + 3 * stride);
            e += rows.getDouble(at + 4 * stride);
            f += rows.getDouble(at + 5 * stride);
            g += rows.getDouble(at + 6 * stride);
            h += rows.getDouble(at + 7 * stride);
        }
        for (; at < end; at += stride) {
            a += rows.getDouble(at);
        }
        return a + b + (c + d) + (e + f + (g + h));
    }

    /** All of eight columns in C order. */
    static Kernel sumOfEight() {
        return Kernel.adding(rows -> {
            double a = 0;
            double b = 0;
            double c = 0;
            double d = 0;
            double e = 0;
            double f = 0;
            double g = 0;
            double h = 0;
            for (int at = 0; at < rows.limit(); at += 64) {
                a += rows.getDouble(at);
                b += rows.getDouble(at + 8);
                c += rows.getDouble(at + 16);
                d += rows.getDouble(at + 24);
                e += rows.getDouble(at + 32);
                f += rows.getDouble(at + 40);
                g += rows.getDouble(at + 48);
                h += rows.getDouble(at + 56);
            }
            return new double[] {a, b, c, d, e, f, g, h};
        });
    }

    static Kernel minMaxAvg() {
        return new Kernel(
                rows -> {
                    double least = Double.POSITIVE_INFINITY;
                    double greatest = Double.NEGATIVE_INFINITY;
                    for (int at = 0; at < rows.limit(); at += Double.BYTES) {
                        double value = rows.getDouble(at);
                        least = value < least ? value : least;
                        greatest = value > greatest ? value : greatest;
                    }
                    return new double[] {least, greatest, sum(rows, Double.BYTES)};
                },
                (left, right) ->
                        new double[] {Math.min(left[0], right[0]), Math.max(left[1], right[1]), left[2] + right[2]},
                (merged, rows) -> new double[] {merged[0], merged[1], merged[2] / rows});
    }

    /** Count and sum of the values below a limit, without a branch per value: their difference's sign is a mask. */
    static Kernel below(double limit) {
        return Kernel.adding(rows -> {
            long count = 0;
            double even = 0;
            double odd = 0;
            int at = 0;
            for (; at <= rows.limit() - 16; at += 16) {
                double first = rows.getDouble(at);
                double second = rows.getDouble(at + 8);
                long firstFits = Double.doubleToRawLongBits(first - limit) >> 63;
                long secondFits = Double.doubleToRawLongBits(second - limit) >> 63;
                count -= firstFits + secondFits;
                even += Double.longBitsToDouble(Double.doubleToRawLongBits(first) & firstFits);
                odd += Double.longBitsToDouble(Double.doubleToRawLongBits(second) & secondFits);
            }
            if (at < rows.limit() && rows.getDouble(at) < limit) {
                count++;
                even += rows.getDouble(at);
            }
            return new double[] {count, even + odd};
        });
    }

    /** Key, count and sum of the second column, by the hundredth that the first column lies in. */
    static Kernel groups(int columns, int groups) {
        return Kernel.adding(rows -> {
                    double[] merged = new double[2 * groups];
                    for (int at = 0; at < rows.limit(); at += columns * Double.BYTES) {
                        int key = (int) (rows.getDouble(at) * groups);
                        merged[2 * key]++;
                        merged[2 * key + 1] += rows.getDouble(at + Double.BYTES);
                    }
                    return merged;
                })
                .finish((merged, rows) -> {
                    double[] answer = new double[3 * groups];
                    for (int key = 0; key < groups; key++) {
                        answer[3 * key] = key;
                        answer[3 * key + 1] = merged[2 * key];
                        answer[3 * key + 2] = merged[2 * key + 1];
                    }
                    return answer;
                });
    }

    static Kernel unsignedBytes() {
        return sumMinMax(rows -> {
            long sum = 0;
            int least = Integer.MAX_VALUE;
            int greatest = Integer.MIN_VALUE;
            for (int at = 0; at < rows.limit(); at++) {
                int value = rows.get(at) & 0xFF;
                sum += value;
                least = Math.min(least, value);
                greatest = Math.max(greatest, value);
            }
            return new double[] {sum, least, greatest};
        });
    }

    static Kernel unsignedShorts() {
        return sumMinMax(rows -> {
            long sum = 0;
            int least = Integer.MAX_VALUE;
            int greatest = Integer.MIN_VALUE;
            for (int at = 0; at < rows.limit(); at += Short.BYTES) {
                int value = rows.getShort(at) & 0xFFFF;
                sum += value;
                least = Math.min(least, value);
                greatest = Math.max(greatest, value);
            }
            return new double[] {sum, least, greatest};
        });
    }

    private static Kernel sumMinMax(Function<ByteBuffer, double[]> piece) {
        return new Kernel(
                piece,
                (left, right) ->
                        new double[] {left[0] + right[0], Math.min(left[1], right[1]), Math.max(left[2], right[2])},
                (merged, rows) -> merged);
    }

    /** Halves of zero or more; by arithmetic, as Java 17 has no conversion of them. */
    static Kernel sumOfHalves() {
        return Kernel.adding(rows -> {
            double even = 0;
            double odd = 0;
            int at = 0;
            for (; at <= rows.limit() - 4; at += 4) {
                even += half(rows.getShort(at));
                odd += half(rows.getShort(at + 2));
            }
            return new double[] {at < rows.limit() ? even + odd + half(rows.getShort(at)) : even + odd};
        });
    }

    private static float half(short bits) {
        return Float.intBitsToFloat((bits & 0x7FFF) << 13) * 0x1p112f;
    }

    static Kernel sumOfInts() {
        return Kernel.adding(rows -> {
            long even = 0;
            long odd = 0;
            int at = 0;
            for (; at <= rows.limit() - 8; at += 8) {
                even += rows.getInt(at);
                odd += rows.getInt(at + 4);
            }
            return new double[] {at < rows.limit() ? even + odd + rows.getInt(at) : even + odd};
        });
    }

    static Kernel meansOfFloats(int columns) {
        return Kernel.adding(rows -> {
                    double[] sums = new double[columns];
                    for (int row = 0; row < rows.limit(); row += columns * Float.BYTES) {
                        for (int column = 0; column < columns; column++) {
                            sums[column] += rows.getFloat(row + column * Float.BYTES);
                        }
                    }
                    return sums;
                })
                .finish((merged, rows) -> {
                    double[] means = merged.clone();
                    for (int column = 0; column < columns; column++) {
                        means[column] /= rows;
                    }
                    return means;
                });
    }
}
