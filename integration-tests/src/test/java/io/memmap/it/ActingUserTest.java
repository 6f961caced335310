package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.storage.SideBySide;
import java.security.PrivilegedExceptionAction;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A driver that acts for another user, as {@code spark-submit --proxy-user} does. Only since Java 24 these tests can fail. */
class ActingUserTest {
    @ParameterizedTest
    @ValueSource(strings = {"ann", "bob"})
    void threadsActForTheUserOfTheirCaller(String name) throws Exception {
        Callable<String> user = () -> {
            Thread.sleep(5);
            return UserGroupInformation.getCurrentUser().getShortUserName();
        };
        PrivilegedExceptionAction<List<String>> ask = () -> SideBySide.all(
                "ask", Collections.nCopies(32, user), asked -> SideBySide.uninterruptibly("ask", asked) + asked.call());
        assertThat(UserGroupInformation.createRemoteUser(name).doAs(ask))
                .hasSize(32)
                .containsOnly(name + name);
    }
}
