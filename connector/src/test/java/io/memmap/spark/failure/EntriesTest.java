package io.memmap.spark.failure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaCodeUnitReference;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.TryCatchBlock;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every method of this source that Spark calls: one that implements a method of a Spark type. Its calls of this source's
 * code must run inside {@link Entry}, or in a {@code try} that ends in {@link Entry#failure}.
 */
class EntriesTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter(List.of(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)).importPackages("io.memmap");

    private static final Set<String> LEFT_OUT =
            Set.of("io.memmap.spark.read.vector", "io.memmap.spark.metric", MemmapException.class.getPackageName());

    private static final DescribedPredicate<JavaMethod> ENTRY = new DescribedPredicate<>("Spark calls") {
        @Override
        public boolean test(JavaMethod method) {
            return isEntry(method);
        }
    };

    private static final ArchCondition<JavaMethod> TRANSLATE =
            new ArchCondition<>("call this source's code inside of Entry only") {
                @Override
                public void check(JavaMethod entry, ConditionEvents events) {
                    Set<JavaAccess<?>> caught = caught(entry);
                    boolean entered = entry.getMethodCallsFromSelf().stream()
                            .anyMatch(call -> call.getTargetOwner().isEquivalentTo(Entry.class));
                    ownCalls(entry)
                            .filter(call -> !caught.contains(call) && !(entered && isHandedOver(call)))
                            .forEach(call -> events.add(SimpleConditionEvent.violated(call, call.getDescription())));
                }
            };

    @Test
    void whatSparkCallsThrowsOnlyMemmapExceptions() {
        methods().that(ENTRY).should(TRANSLATE).check(CLASSES);
    }

    /** The rule would hold of nothing if it took nothing for an entry. */
    @Test
    void entriesOfAllSidesAreFound() {
        Set<String> entries = CLASSES.stream()
                .flatMap(type -> type.getMethods().stream())
                .filter(EntriesTest::isEntry)
                .map(entry -> entry.getOwner().getSimpleName() + "." + entry.getName())
                .collect(Collectors.toSet());
        assertThat(entries)
                .contains(
                        "MemmapDataSource.inferSchema",
                        "SaveModes.createRelation",
                        "MemmapCatalog.loadTable",
                        "MemmapScanBuilder.build",
                        "MemmapScan.planInputPartitions",
                        "TaskWriter.write",
                        "MemmapDeltaWriter.update",
                        "MemmapBatchWrite.commit");
    }

    /** Vectors and metrics are left out: they hold numbers, and what can fail was done before. */
    private static boolean isEntry(JavaMethod method) {
        JavaClass owner = method.getOwner();
        return !LEFT_OUT.contains(owner.getPackageName())
                && !method.getModifiers().contains(JavaModifier.STATIC)
                && !method.getModifiers().contains(JavaModifier.SYNTHETIC)
                && Stream.concat(owner.getAllRawSuperclasses().stream(), owner.getAllRawInterfaces().stream())
                        .filter(type -> type.getName().startsWith("org.apache.spark."))
                        .flatMap(type -> type.getAllMethods().stream())
                        .filter(declared -> !declared.getOwner().isEquivalentTo(Object.class))
                        .anyMatch(declared -> declared.getName().equals(method.getName())
                                && declared.getParameters().size()
                                        == method.getParameters().size());
    }

    /** Exceptions, and calls of this source's code but for other entries and methods that only hand out what they hold. */
    private static Stream<JavaAccess<?>> ownCalls(JavaMethod entry) {
        return calls(entry).filter(call -> isException(call) || (isOwn(call) && !callsNothing(call)));
    }

    private static boolean isException(JavaAccess<?> call) {
        return call.getTargetOwner().isAssignableTo(Exception.class)
                && !call.getTargetOwner().getName().startsWith("org.apache.spark.");
    }

    private static boolean isOwn(JavaAccess<?> call) {
        return call.getTargetOwner().getPackageName().startsWith("io.memmap")
                && !call.getTargetOwner().isEquivalentTo(Entry.class);
    }

    private static boolean isHandedOver(JavaAccess<?> call) {
        return call.isDeclaredInLambda() || call instanceof JavaCodeUnitReference;
    }

    private static Stream<JavaAccess<?>> calls(JavaCodeUnit unit) {
        return Stream.concat(unit.getCallsFromSelf().stream(), unit.getCodeUnitReferencesFromSelf().stream());
    }

    private static boolean callsNothing(JavaAccess<?> call) {
        return call.getTarget().resolveMember().stream()
                .map(JavaCodeUnit.class::cast)
                .anyMatch(called -> called instanceof JavaMethod method && isEntry(method)
                        || !called.getModifiers().contains(JavaModifier.ABSTRACT)
                                && calls(called).allMatch(EntriesTest::isOfSuperclass));
    }

    private static boolean isOfSuperclass(JavaAccess<?> call) {
        return call instanceof JavaConstructorCall
                && call.getOriginOwner()
                        .getRawSuperclass()
                        .filter(call.getTargetOwner()::equals)
                        .isPresent();
    }

    private static Set<JavaAccess<?>> caught(JavaMethod entry) {
        return entry.getTryCatchBlocks().stream()
                .filter(block ->
                        block.getCaughtThrowables().stream().anyMatch(type -> type.isEquivalentTo(Exception.class)))
                .map(TryCatchBlock::getAccessesContainedInTryBlock)
                .flatMap(Set::stream)
                .collect(Collectors.toSet());
    }
}
