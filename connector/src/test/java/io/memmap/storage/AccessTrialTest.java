package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccessTrialTest {
    private static final int PIECE = AccessTrial.STRETCH_NBYTES / 2;

    private int stretch;

    /** Tests of files that are mapped are in the same JVM. */
    @AfterEach
    void nextTrialBeginsWithAMapping() {
        stretch = 0;
        mapped(new AccessTrial(false), 2, 2, 3);
        assertThat(new AccessTrial().next()).isTrue();
    }

    private List<Integer> mapped(AccessTrial trial, int stretches, long mapNanos, long readNanos) {
        return mapped(trial, stretches, at -> mapNanos, at -> readNanos);
    }

    /** The stretches that are mapped, of so many from the next one on, where a byte takes these times. */
    private List<Integer> mapped(
            AccessTrial trial, int stretches, LongUnaryOperator mapNanos, LongUnaryOperator readNanos) {
        List<Integer> mapped = new ArrayList<>();
        for (int end = stretch + stretches; stretch < end; stretch++) {
            boolean maps = trial.next();
            if (maps) {
                mapped.add(stretch);
            }
            for (int piece = 0; piece < 2; piece++) {
                trial.add(PIECE, PIECE * (maps ? mapNanos : readNanos).applyAsLong(stretch));
            }
        }
        return mapped;
    }

    @Test
    void readsWhereMappingIsSlowerButForSomeTries() {
        assertThat(mapped(new AccessTrial(true), 300, 3, 2)).containsExactly(0, 7, 17, 127, 254);
        stretch = 0;
        assertThat(mapped(new AccessTrial(false), 300, 3, 2)).containsExactly(1, 7, 17, 127, 254);
        stretch = 0;
        assertThat(mapped(new AccessTrial(false), 300, 8, 2)).as("much slower").containsExactly(1, 7, 127, 254);
    }

    @Test
    void mapsWhereReadingIsSlowerOrTheSame() {
        assertThat(mapped(new AccessTrial(true), 300, 2, 3)).hasSize(300 - 5).doesNotContain(1, 7, 17, 127, 254);
        stretch = 0;
        assertThat(mapped(new AccessTrial(false), 20, 2, 2)).hasSize(20 - 3).doesNotContain(0, 7, 17);
    }

    @Test
    void aStretchThatWasInterruptedDecidesForAWhileOnly() {
        AccessTrial first = new AccessTrial(true);
        assertThat(mapped(first, 20, at -> at == 0 ? 1000 : 1, at -> 2))
                .containsExactly(0, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19);
        stretch = 0;
        AccessTrial later = new AccessTrial(true);
        assertThat(mapped(later, 40, at -> at == 20 ? 1000 : 1, at -> 2)).hasSize(40 - 3);
    }

    @Test
    void followsTimesThatChange() {
        AccessTrial trial = new AccessTrial(true);
        assertThat(mapped(trial, 20, 1, 2)).hasSize(17);
        assertThat(mapped(trial, 20, 5, 2)).as("mapping becomes slower").containsExactly(20, 21, 22, 23);
        assertThat(mapped(trial, 60, 5, 9)).as("reading too").hasSizeGreaterThan(40);
        stretch = 0;
        trial = new AccessTrial(true);
        mapped(trial, 20, 2, 3);
        assertThat(mapped(trial, 280, 2, 1))
                .as("the first try shows that reading became faster")
                .hasSize(127 - 20 + 1)
                .contains(126, 254)
                .doesNotContain(127, 128);
    }

    @Test
    void doesNotTryTheSameOfEightColumnsEachTime() {
        assertThat(mapped(new AccessTrial(true), 40, at -> at % 8 == 0 ? 9 : 2, at -> at % 8 == 0 ? 9 : 3))
                .contains(7, 8, 9, 10)
                .hasSizeGreaterThan(30);
    }

    @Test
    void theNextTaskBeginsAsTheLastOneEnded() {
        mapped(new AccessTrial(true), 2, 3, 2);
        assertThat(new AccessTrial().next()).isFalse();
        mapped(new AccessTrial(false), 2, 2, 3);
        assertThat(new AccessTrial().next()).isTrue();
    }
}
