package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessTrialTest {
    private static final int PIECE = AccessTrial.STRETCH_NBYTES / 2;

    /** The stretches that are mapped, of so many from the next one on, where a byte takes these times. */
    private static List<Integer> mapped(AccessTrial trial, int stretches, long mapNanos, long readNanos) {
        List<Integer> mapped = new ArrayList<>();
        for (int stretch = 0; stretch < stretches; stretch++) {
            boolean maps = trial.maps();
            if (maps) {
                mapped.add(stretch);
            }
            for (int piece = 0; piece < 2; piece++) {
                assertThat(trial.maps()).as("within stretch " + stretch).isEqualTo(maps);
                trial.add(PIECE, PIECE * (maps ? mapNanos : readNanos));
            }
        }
        return mapped;
    }

    @Test
    void readsWhereMappingIsSlowerButForATryNowAndThen() {
        assertThat(mapped(new AccessTrial(true), 300, 3, 2)).containsExactly(0, 8, 16, 128, 256);
        assertThat(mapped(new AccessTrial(false), 300, 3, 2)).containsExactly(1, 8, 16, 128, 256);
    }

    @Test
    void mapsWhereReadingIsSlowerOrTheSame() {
        AccessTrial slower = new AccessTrial(true);
        assertThat(mapped(slower, 300, 2, 3)).hasSize(300 - 5).doesNotContain(1, 8, 16, 128, 256);
        assertThat(mapped(new AccessTrial(false), 20, 2, 2)).hasSize(20 - 3).doesNotContain(0, 8, 16);
    }

    @Test
    void aStretchThatWasInterruptedDecidesForAWhileOnly() {
        AccessTrial first = new AccessTrial(true);
        first.add(2 * PIECE, 1000L * PIECE);
        assertThat(mapped(first, 19, 1, 2))
                .as("stretch 0 took long; that it did not, shows at stretch 8")
                .containsExactly(7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18);
        AccessTrial later = new AccessTrial(true);
        mapped(later, 20, 1, 2);
        later.add(2 * PIECE, 1000L * PIECE);
        assertThat(mapped(later, 10, 1, 2)).hasSize(10);
    }

    @Test
    void followsTheTimesOfALaterPartOfTheFile() {
        AccessTrial trial = new AccessTrial(true);
        assertThat(mapped(trial, 20, 1, 2)).hasSize(17);
        assertThat(mapped(trial, 20, 5, 2)).containsExactly(0, 1);
        assertThat(mapped(trial, 300, 5, 9)).as("reads are no longer faster").hasSizeGreaterThan(200);
    }

    @Test
    void theNextFileBeginsAsTheLastOneEnded() {
        mapped(new AccessTrial(true), 2, 3, 2);
        assertThat(new AccessTrial().maps()).isFalse();
        mapped(new AccessTrial(false), 2, 2, 3);
        assertThat(new AccessTrial().maps()).isTrue();
    }
}
