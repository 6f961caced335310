package io.memmap.compute;

/** Neumaier's sum of doubles: keeps what each addition rounds off. */
public final class CompensatedSum {
    private double sum;
    private double lost;

    public void add(double value) {
        double next = sum + value;
        lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
        sum = next;
    }

    void add(CompensatedSum other) {
        add(other.sum);
        lost += other.lost;
    }

    /** The sum; of infinities and NaN only the plain one makes sense. */
    public double total() {
        return Double.isFinite(sum) ? sum + lost : sum;
    }
}
