package io.memmap.replay;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Counts what was tried, and keeps one example of each kind of fault. Printed as lines that {@code ReplayTest} reads. */
public final class Report {
    public static final String COUNT = "count ";
    public static final String FAULT = "fault ";

    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final Map<String, String> examples = new LinkedHashMap<>();
    private final Map<String, Integer> faults = new LinkedHashMap<>();

    void count(String what) {
        count(what, 1);
    }

    void count(String what, int more) {
        counts.merge(what, more, Integer::sum);
    }

    /** Each fault that was found, without how often. */
    Set<String> faults() {
        return faults.keySet();
    }

    /**
     * Adds a fault.
     *
     * @param symptom by which faults of one kind are put together
     */
    void fault(WriteKind kind, String symptom, String example) {
        String key = kind + ": " + symptom;
        faults.merge(key, 1, Integer::sum);
        examples.putIfAbsent(key, example);
    }

    void print() {
        counts.forEach((what, count) -> System.out.println(COUNT + count + " " + what));
        faults.forEach((key, count) -> System.out.println(
                (FAULT + key + ", " + count + " times, such as " + examples.get(key)).replace('\n', ' ')));
        System.out.flush();
    }
}
