package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemberChoiceTest {
    private static final Member PICKLED = Member.unsupported("/d/x", "obj", "it holds Python objects");

    private static Member member(String name, long... shape) {
        Layout layout = new Layout(DType.parse("<f4"), Shape.of(shape), Order.C, 64);
        return Member.of(new ArrayFile(
                "/d/x", new Fingerprint("", 4096, 0), "", layout, Origin.stored(ArrayFormats.RAW, name, 0)));
    }

    private static List<ArrayFile> chooseAll(String name, Member... members) throws IOException {
        return new MemberChoice("/d/x", ArrayFormats.RAW, List.of(members), List.of()).choose(name);
    }

    private static ArrayFile choose(String name, Member... members) throws IOException {
        List<ArrayFile> chosen = chooseAll(name, members);
        assertThat(chosen).hasSize(1);
        return chosen.get(0);
    }

    private static List<String> names(String name, Member... members) throws IOException {
        return chooseAll(name, members).stream()
                .map(file -> file.origin().member())
                .toList();
    }

    private static String chosen(String name, Member... members) throws IOException {
        return choose(name, members).origin().member();
    }

    @Test
    void readsTheOneThatIsNamed() throws IOException {
        assertThat(chosen("b/c", member("a", 6), member("b/c", 6, 2))).isEqualTo("b/c");
        assertThat(choose("a", member("a", 6), member("b", 3)).layout().shape()).isEqualTo(Shape.of(6));
        assertThat(chosen("a,b", member("a,b", 6), member("a", 6), member("b", 6)))
                .isEqualTo("a,b");
    }

    @Test
    void readsTheOnlyReadableOneIfNoneIsNamed() throws IOException {
        assertThat(chosen(null, member("a", 6))).isEqualTo("a");
        assertThat(chosen(null, PICKLED, member("a", 6))).isEqualTo("a");
        assertThat(chosen(null, member("version"), member("a", 6), member("seed")))
                .isEqualTo("a");
        assertThat(chosen(null, member("version"))).isEqualTo("version");
    }

    @Test
    void readsAllOfEqualRowCountsSideBySide() throws IOException {
        assertThat(names(null, member("a", 6, 2), PICKLED, member("seed"), member("b/c", 6)))
                .containsExactly("a", "b/c");
        assertThat(names(null, member("a"), member("b"))).containsExactly("a", "b");
        assertThat(names("b, a", member("a", 6), member("b", 6), member("c", 7)))
                .containsExactly("b", "a");
        assertThat(names("a,a", member("a", 6), member("b", 6))).containsExactly("a");
    }

    @Test
    void readsThoseOfAListOfPython() throws IOException {
        Member[] members = {member("a", 6), member("b", 6), member("c,d", 6), member("['a']", 6), member("[e", 6)};
        assertThat(names("['b', 'a']", members)).containsExactly("b", "a");
        assertThat(names("('a',)", members)).containsExactly("a");
        assertThat(names("[\"a\", np.str_('c,d')]", members)).containsExactly("a", "c,d");
        assertThat(names("['a']", members)).containsExactly("['a']");
        assertThat(names("[e, b", members)).containsExactly("[e", "b");
        assertThatThrownBy(() -> chooseAll("['a', 'z']", member("a", 6)))
                .hasMessage(
                        "Cannot read /d/x with member=['a', 'z']: it holds no member z; expected the option member to"
                                + " be one of these: a: <f4 of shape (6,)");
        assertThatThrownBy(() -> chooseAll("[]", member("a", 6)))
                .hasMessageStartingWith("Cannot read /d/x with member=[]: it holds no member []; ");
        assertThatThrownBy(() -> chooseAll("('a')", member("a", 6)))
                .hasMessageStartingWith("Cannot read /d/x with member=('a'): it holds no member ('a'); ");
    }

    @Test
    void listsThemWhereTheirRowCountsDiffer() {
        assertThatThrownBy(() -> chooseAll(null, member("a", 6, 2), PICKLED, member("b/c", 5)))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Cannot read /d/x: its members a and b/c have 6 and 5 rows, expected equal row counts side by side;"
                                + " choose some by the option member: a: <f4 of"
                                + " shape (6, 2); obj: cannot be read, it holds Python objects; b/c: <f4 of shape (5,)");
        assertThatThrownBy(() -> choose("z", member("a", 6)))
                .hasMessage(
                        "Cannot read /d/x with member=z: it holds no member z; expected the option member to be one of"
                                + " these: a: <f4 of shape (6,)");
        assertThatThrownBy(() -> choose("a, z", member("a", 6), member("b", 6)))
                .hasMessageStartingWith("Cannot read /d/x with member=a, z: it holds no member z; ");
    }

    @Test
    void saysWhyNoneCanBeRead() {
        assertThatThrownBy(() -> choose(null, PICKLED))
                .isInstanceOf(UnreadableMemberException.class)
                .hasMessage("Cannot read /d/x#obj: it holds Python objects");
        assertThatThrownBy(() -> choose("obj", member("a", 6), PICKLED))
                .hasMessage("Cannot read /d/x#obj: it holds Python objects");
        assertThatThrownBy(() -> choose(null, PICKLED, Member.unsupported("/d/x", "p", "it is encrypted")))
                .hasMessage(
                        "Cannot read /d/x: it holds no readable member; expected the option member to be one of these:"
                                + " obj: cannot be read, it holds Python objects; p: cannot be read, it is encrypted");
    }

    @Test
    void aDamagedOneIsNeverLeftOut() throws IOException {
        Member cut = Member.refused("/d/x", "b", "the member ends after 9 bytes; write the file again");
        assertThatThrownBy(() -> chooseAll(null, member("a", 6), PICKLED, cut, member("c", 7)))
                .isInstanceOf(UnreadableMemberException.class)
                .hasMessage("Cannot read /d/x#b: the member ends after 9 bytes; write the file again, or choose another"
                        + " member by the option member");
        assertThatThrownBy(() -> choose(null, cut))
                .hasMessage("Cannot read /d/x#b: the member ends after 9 bytes; write the file again");
        assertThatThrownBy(() -> chooseAll("a,b", member("a", 6), cut))
                .hasMessage("Cannot read /d/x#b: the member ends after 9 bytes; write the file again");
        assertThat(names("a,c", member("a", 6), cut, member("c", 6))).containsExactly("a", "c");
        assertThatThrownBy(() -> choose("z", member("a", 6), cut))
                .hasMessageEndingWith(
                        "a: <f4 of shape (6,); b: cannot be read, the member ends after 9 bytes; write the"
                                + " file again");
    }

    @Test
    void aFileOfOneArrayHasNoMemberToName() {
        assertThatThrownBy(() -> choose("a", member("", 6)))
                .hasMessage("Cannot read /d/x with member=a: a file of container=raw holds one array without a name,"
                        + " expected no option member");
    }

    @Test
    void listsAtMostTwenty() {
        List<Member> many = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            many.add(member("m" + i, 6 + i));
        }
        assertThatThrownBy(() -> choose(null, many.toArray(Member[]::new)))
                .message()
                .contains("m19: <f4")
                .doesNotContain("m20")
                .endsWith("; 5 more");
    }

    @Test
    void claimsAreComparedWithTheChosenOne() throws IOException {
        List<Claims> claims = List.of(Claims.ofDType(Claims.Source.OPTIONS, DType.parse("<f8")));
        assertThatThrownBy(
                        () -> new MemberChoice("/d/x", ArrayFormats.RAW, List.of(member("a", 6)), claims).choose("a"))
                .hasMessage("Cannot read /d/x#a: the option dtype=<f8 was given, but its header says dtype <f4;"
                        + " remove or correct the option, or write the file again");
    }
}
