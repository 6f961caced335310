package io.memmap;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.memmap.array.MemmapArray;
import io.memmap.array.Mode;
import io.memmap.format.ArrayFormats;
import io.memmap.storage.TargetLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the package table and the list of Spark names of DESIGN.md. */
class ArchitectureTest {
    private static final String ROOT = "io.memmap.";
    private static final JavaClasses CLASSES =
            new ClassFileImporter(List.of(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)).importPackages("io.memmap");

    @Test
    void packagesImportOnlyWhatTheTableAllows() throws IOException {
        DesignTable table = DesignTable.read();
        assertThat(table.names()).containsExactlyInAnyOrderElementsOf(packages());
        assertThat(CLASSES.stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .filter(dependency -> !isAllowed(table, dependency))
                        .map(Dependency::getDescription))
                .isEmpty();
    }

    @Test
    void whatTheTableDoesNotAllowIsSeen() throws IOException {
        DesignTable table = DesignTable.read();
        assertThat(table.reach("spark.read"))
                .doesNotContain("spark.write", "array", "spark")
                .contains("dtype");
        assertThat(table.reach("compute")).containsExactly("compute");
    }

    private static boolean isAllowed(DesignTable table, Dependency dependency) {
        String origin = packageOf(dependency.getOriginClass());
        String target = packageOf(dependency.getTargetClass().getBaseComponentType());
        return target.isEmpty() || table.reach(origin).contains(target);
    }

    private static Set<String> packages() {
        return CLASSES.stream()
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .map(ArchitectureTest::packageOf)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }

    /** The package as the table names it; empty for foreign classes. */
    private static String packageOf(JavaClass type) {
        return type.getPackageName().startsWith(ROOT) ? type.getPackageName().substring(ROOT.length()) : "";
    }

    @Test
    void packagesHaveNoCircle() {
        SlicesRuleDefinition.slices()
                .matching("io.memmap.(**)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void onlyStorageImportsHadoop() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.memmap.storage")
                .and()
                .doNotHaveFullyQualifiedName("io.memmap.spark.SessionSettings")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.hadoop..")
                .because("the session only hands the configuration over")
                .check(CLASSES);
    }

    @Test
    void onlyPublicationsTakeLocks() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.memmap.storage")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(TargetLock.class)
                .because("Publication is the one way to change what readers see")
                .check(CLASSES);
    }

    /** The second column of DESIGN.md's table of seams names a type each. */
    @Test
    void eachSeamIsOneType() throws IOException {
        assertThat(DesignTable.seams()).hasSize(5).allSatisfy(seam -> assertThat(CLASSES.contain(ROOT + seam))
                .isTrue());
    }

    @Test
    void nothingImportsScala() throws IOException {
        noClasses()
                .that()
                .haveNameNotMatching(SparkNames.read().namingScalaRegex())
                .should()
                .dependOnClassesThat()
                .resideInAPackage("scala..")
                .because("one jar runs on Scala 2.12 and 2.13")
                .check(CLASSES);
    }

    /**
     * Pages of a shared mapping go to a network file system whole, with whatever this host last saw of its neighbours' bytes.
     */
    @Test
    void sparkNeverWritesThroughAMapping() {
        noClasses()
                .that()
                .resideInAnyPackage("io.memmap.storage..", "io.memmap.spark..")
                .should()
                .accessField(FileChannel.MapMode.class, "READ_WRITE")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Mode.class, MemmapArray.class)
                .because("tasks write files of their own, and the driver writes by position")
                .check(CLASSES);
    }

    /** The vector kernels are compiled apart, and loaded where the JDK has this module. */
    @Test
    void formatAndBelowNeedTheJdkOnly() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.memmap.dtype",
                        "io.memmap.memory",
                        "io.memmap.compute",
                        "io.memmap.layout",
                        "io.memmap.array",
                        "io.memmap.cli",
                        "io.memmap.format")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("io.memmap..", "java..", "jdk.incubator.vector")
                .check(CLASSES);
    }

    @Test
    void onlyTheKernelsUseVectors() {
        noClasses()
                .that()
                .haveNameNotMatching("io\\.memmap\\.compute\\.(IntegerVectors|MaskVectors|VectorKernels)")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector")
                .check(CLASSES);
    }

    @Test
    void onlyTheListedSparkNamesAreUsed() throws IOException {
        SparkNames names = SparkNames.read();
        noClasses()
                .that()
                .haveNameNotMatching(names.namingScalaRegex())
                .should()
                .dependOnClassesThat(new DescribedPredicate<>("are Spark's and not on DESIGN.md's list") {
                    @Override
                    public boolean test(JavaClass type) {
                        return SparkNames.isSpark(type.getName()) && !names.allows(type.getName());
                    }
                })
                .check(CLASSES);
    }

    @Test
    void everyListedSparkNameIsUsed() throws IOException {
        Set<String> used = CLASSES.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(dependency ->
                        dependency.getTargetClass().getBaseComponentType().getName())
                .collect(Collectors.toSet());
        SparkNames names = SparkNames.read();
        assertThat(names.patterns()).allMatch(pattern -> used.stream()
                .anyMatch(name -> pattern.matcher(name).matches()));
        assertThat(names.allows("org.apache.spark.sql.catalyst.analysis.NoSuchTableException"))
                .isTrue();
        assertThat(names.allows("org.apache.spark.sql.Encoders")).isFalse();
        assertThat(names.allows("org.apache.spark.sql.types.inner.Type")).isFalse();
    }

    /** The JDK's native code for these crashes the process when a file is cut under a mapping. */
    @Test
    void checksumsAndInflatersGetNoBuffersThatMayBeMapped() {
        noClasses()
                .that()
                // Buffers of writers, which map nothing.
                .haveNameNotMatching("io\\.memmap\\.storage\\.(AppendedTail|CheckedOutput)")
                .should()
                .callMethodWhere(new DescribedPredicate<>("a buffer goes to a checksum or an inflater") {
                    @Override
                    public boolean test(JavaMethodCall call) {
                        return call.getTargetOwner().getPackageName().equals("java.util.zip")
                                && call.getTarget().getRawParameterTypes().stream()
                                        .anyMatch(type -> type.isAssignableTo(ByteBuffer.class));
                    }
                })
                .check(CLASSES);
    }

    /** Every container is one class of {@code format}; other packages ask the registry. */
    @Test
    void onlyFormatHasSuffixesAndMagics() throws IOException {
        List<String> constants = new ArrayList<>(List.of("\223NUMPY", "PK\3\4"));
        ArrayFormats.builtIn().all().forEach(format -> constants.addAll(format.writtenSuffixes()));
        List<String> found = new ArrayList<>();
        for (JavaClass type : CLASSES) {
            byte[] bytes =
                    type.getSource().orElseThrow().getUri().toURL().openStream().readAllBytes();
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            constants.stream()
                    .filter(constant -> text.contains(poolEntry(constant)))
                    .forEach(constant -> found.add(type.getPackageName() + " " + constant));
        }
        assertThat(found)
                .isNotEmpty()
                .allMatch(use -> use.startsWith("io.memmap.format "))
                .contains("io.memmap.format .npy", "io.memmap.format .dat", "io.memmap.format \223NUMPY");
    }

    /** A string in the constant pool of a class file: tag, length in two bytes, modified UTF-8. */
    private static String poolEntry(String constant) {
        byte[] utf8 = constant.getBytes(StandardCharsets.UTF_8);
        return "\1\0" + (char) utf8.length + new String(utf8, StandardCharsets.ISO_8859_1);
    }

    @Test
    void noPackageHasANameThatSaysNothing() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..common..", "..helper..", "..core..", "..impl..", "..internal..")
                .check(CLASSES);
    }
}
