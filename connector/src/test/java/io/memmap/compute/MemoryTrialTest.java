package io.memmap.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class MemoryTrialTest {
    private final Kernels vectors = new ScalarKernels();
    private final MemoryTrial trial = new MemoryTrial(vectors);

    @Test
    void neitherFormHasTheFirstBlockOfEachPair() {
        StringBuilder forms = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            forms.append(trial.next() == vectors ? 'v' : 's');
        }
        assertThat(forms).hasToString("svvsvssvvssvsvvs");
    }

    /** A block of vectors takes 100, and a scalar one what the number of the block says. */
    private Kernels fasterThan(IntUnaryOperator scalarNanos) {
        for (int block = 1; block <= MemoryTrial.BLOCKS; block++) {
            Kernels form = trial.next();
            long nanos = form == vectors ? 100 : scalarNanos.applyAsInt(block);
            assertThat(trial.add(form, nanos)).isEqualTo(block == MemoryTrial.BLOCKS);
        }
        return trial.faster();
    }

    @Test
    void vectorsWinIfTheyAreFaster() {
        assertThat(fasterThan(block -> 101)).isSameAs(vectors);
    }

    @Test
    void scalarCodeStaysIfItIsAsFast() {
        assertThat(fasterThan(block -> 100)).isSameAs(KernelChoice.SCALAR);
    }

    @Test
    void whatWasCompiledMeanwhileDoesNotCount() {
        assertThat(fasterThan(block -> block < MemoryTrial.BLOCKS / 2 ? 1_000_000 : 99))
                .isSameAs(KernelChoice.SCALAR);
    }

    @Test
    void fewBlocksThatWaitedDoNotCount() {
        assertThat(fasterThan(block -> block % 5 == 0 ? 1_000_000 : 99)).isSameAs(KernelChoice.SCALAR);
    }
}
