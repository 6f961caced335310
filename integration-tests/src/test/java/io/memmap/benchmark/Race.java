package io.memmap.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * One workload, answered by every contender in turn, round after round; what a busy machine does to one round it does to
 * all contenders. Every second round goes backwards, so that no contender always follows the same other. All must give the
 * first one's answer.
 */
final class Race {
    private static final int LEAST_WARM_UPS = 2;
    private static final int LEAST_ROUNDS = 3;

    private final Workload workload;
    private final List<Entrant> entrants = new ArrayList<>();
    private Answer expected;

    Race(Workload workload, List<Contender> contenders, DataFiles files) throws IOException {
        this.workload = workload;
        for (Contender contender : contenders) {
            Optional<Contender.Query> query = contender.query(workload, files);
            query.ifPresent(answered -> entrants.add(new Entrant(contender, answered)));
        }
    }

    private static final class Entrant {
        private final Contender contender;
        private final Contender.Query query;
        private List<Double> seconds = new ArrayList<>();

        Entrant(Contender contender, Contender.Query query) {
            this.contender = contender;
            this.query = query;
        }

        double spent() {
            return seconds.stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    List<Result> run(int warmUps, int rounds, double seconds) {
        repeat(warmUps, LEAST_WARM_UPS, seconds);
        entrants.forEach(entrant -> entrant.seconds = new ArrayList<>());
        repeat(rounds, LEAST_ROUNDS, seconds);
        return entrants.stream()
                .map(entrant -> Result.of(workload, entrant.contender, entrant.seconds))
                .toList();
    }

    /** The ratios of the others' times to those of the base, if the base took part. */
    List<PairedRatio> ratios(String base) {
        return entrants.stream()
                .filter(entrant -> entrant.contender.name().equals(base))
                .flatMap(first -> entrants.stream()
                        .filter(other -> other != first)
                        .map(other -> PairedRatio.of(
                                other.contender.title(), other.seconds, first.contender.title(), first.seconds)))
                .toList();
    }

    private void repeat(int rounds, int least, double seconds) {
        List<Entrant> turns = new ArrayList<>(entrants);
        for (int round = 0; round < rounds; round++) {
            for (Entrant entrant : turns) {
                if (round < least || entrant.spent() < seconds) {
                    entrant.seconds.add(answer(entrant).seconds());
                }
            }
            Collections.reverse(turns);
        }
    }

    private Answer answer(Entrant entrant) {
        String who = workload.name() + " by " + entrant.contender.title();
        Answer answer;
        try {
            answer = entrant.query.run();
        } catch (Exception e) {
            throw new IllegalStateException("Cannot run " + who + ": " + e.getMessage(), e);
        }
        expected = expected == null ? answer : expected;
        answer.check(expected, workload.tolerance(), who);
        return answer;
    }
}
