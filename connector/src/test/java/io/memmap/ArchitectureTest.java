package io.memmap;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.memmap.array.MemmapArray;
import io.memmap.array.Mode;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the package table and the list of Spark names of DESIGN.md. */
class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter(List.of(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)).importPackages("io.memmap");

    /** Spark's public Java API, as far as it is the same in every version and the Scala builds do not show. */
    private static final Pattern ALLOWED_SPARK = Pattern.compile("org\\.apache\\.spark\\.("
            + "sql\\.connector\\..*"
            + "|sql\\.vectorized\\..*"
            + "|sql\\.types\\..*"
            + "|sql\\.util\\.CaseInsensitiveStringMap"
            + "|sql\\.catalyst\\.InternalRow"
            + "|sql\\.catalyst\\.util\\.ArrayData"
            + "|sql\\.catalyst\\.expressions\\.SpecializedGetters"
            + "|sql\\.catalyst\\.analysis\\.(NoSuchTable|NoSuchNamespace|TableAlreadyExists)Exception"
            + "|unsafe\\.types\\..*"
            + "|sql\\.sources\\.DataSourceRegister"
            + "|SparkThrowable"
            + "|sql\\.(Dataset|DataFrameReader|Row|catalog\\.Catalog)"
            + "|sql\\.SparkSession|SparkContext|util\\.CollectionAccumulator|sql\\.RuntimeConfig)(\\$.*)?");

    /**
     * Spark hands only a V1 source every save mode, and only an AnalysisException lets a catalog say which file is missing;
     * their signatures name types of Scala.
     */
    private static final String NAME_SCALA = "io\\.memmap\\.spark\\.(SaveModes|MissingTable)(\\$.*)?";

    @Test
    void packagesImportOnlyWhatStandsBelowThem() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.memmap..")
                .layer("dtype")
                .definedBy("io.memmap.dtype")
                .layer("memory")
                .definedBy("io.memmap.memory")
                .layer("compute")
                .definedBy("io.memmap.compute")
                .layer("layout")
                .definedBy("io.memmap.layout")
                .layer("array")
                .definedBy("io.memmap.array")
                .layer("format")
                .definedBy("io.memmap.format")
                .layer("storage")
                .definedBy("io.memmap.storage")
                .layer("options")
                .definedBy("io.memmap.spark.options")
                .layer("schema")
                .definedBy("io.memmap.spark.schema")
                .layer("failure")
                .definedBy("io.memmap.spark.failure")
                .layer("vector")
                .definedBy("io.memmap.spark.read.vector")
                .layer("number")
                .definedBy("io.memmap.compute")
                .layer("formula")
                .definedBy("io.memmap.spark.read.formula")
                .layer("metric")
                .definedBy("io.memmap.spark.read.metric")
                .layer("filter")
                .definedBy("io.memmap.spark.read.filter")
                .layer("aggregate")
                .definedBy("io.memmap.spark.read.aggregate")
                .layer("decode")
                .definedBy("io.memmap.spark.read.decode")
                .layer("read")
                .definedBy("io.memmap.spark.read")
                .layer("encode")
                .definedBy("io.memmap.spark.write.encode")
                .layer("write")
                .definedBy("io.memmap.spark.write")
                .layer("spark")
                .definedBy("io.memmap.spark")
                .whereLayer("dtype")
                .mayNotAccessAnyLayer()
                .whereLayer("memory")
                .mayNotAccessAnyLayer()
                .whereLayer("compute")
                .mayNotAccessAnyLayer()
                .whereLayer("layout")
                .mayOnlyAccessLayers("dtype")
                .whereLayer("array")
                .mayOnlyAccessLayers("dtype", "memory", "compute", "layout", "format")
                .whereLayer("format")
                .mayOnlyAccessLayers("dtype", "layout")
                .whereLayer("storage")
                .mayOnlyAccessLayers("dtype", "memory", "layout", "format")
                .whereLayer("options")
                .mayOnlyAccessLayers("dtype", "layout", "format")
                .whereLayer("schema")
                .mayOnlyAccessLayers("dtype", "layout", "format", "options")
                .whereLayer("failure")
                .mayOnlyAccessLayers("dtype", "format")
                .whereLayer("vector")
                .mayOnlyAccessLayers("dtype")
                .whereLayer("metric")
                .mayNotAccessAnyLayer()
                .whereLayer("filter")
                .mayOnlyAccessLayers("compute")
                .whereLayer("formula")
                .mayOnlyAccessLayers("compute")
                .whereLayer("aggregate")
                .mayOnlyAccessLayers("compute", "formula", "vector")
                .whereLayer("decode")
                .mayOnlyAccessLayers("dtype", "layout", "format", "storage", "options", "schema", "vector", "compute")
                .whereLayer("read")
                .mayOnlyAccessLayers(
                        "dtype",
                        "layout",
                        "format",
                        "storage",
                        "options",
                        "schema",
                        "vector",
                        "compute",
                        "filter",
                        "formula",
                        "aggregate",
                        "metric",
                        "decode",
                        "failure")
                .whereLayer("encode")
                .mayOnlyAccessLayers("dtype", "layout", "format", "options", "schema")
                .whereLayer("write")
                .mayOnlyAccessLayers(
                        "dtype", "memory", "layout", "format", "storage", "options", "schema", "encode", "failure")
                .ensureAllClassesAreContainedInArchitectureIgnoring("io.memmap")
                .check(CLASSES);
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
    void nothingImportsScala() {
        noClasses()
                .that()
                .haveNameNotMatching(NAME_SCALA)
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
                        "io.memmap.format")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("io.memmap..", "java..")
                .check(CLASSES);
    }

    @Test
    void onlyTheListedSparkNamesAreUsed() {
        noClasses()
                .that()
                .haveNameNotMatching(NAME_SCALA)
                .should()
                .dependOnClassesThat(new DescribedPredicate<>("are Spark's and not on DESIGN.md's list") {
                    @Override
                    public boolean test(JavaClass type) {
                        return type.getName().startsWith("org.apache.spark.")
                                && !ALLOWED_SPARK.matcher(type.getName()).matches();
                    }
                })
                .check(CLASSES);
    }

    @Test
    void noPackageHasANameThatSaysNothing() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..common..", "..helper..", "..core..", "..impl..", "..internal..")
                .check(CLASSES);
    }
}
