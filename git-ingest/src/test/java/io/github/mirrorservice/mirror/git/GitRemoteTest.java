package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.git.GitRemote.Login;
import io.github.mirrorservice.mirror.git.GitRemote.Protocol;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GitRemoteTest {

    @ParameterizedTest
    @CsvSource({
        "https://github.com/ocaml/opam-repository.git, HTTP, https://github.com/ocaml/opam-repository.git",
        "HTTPS://GitHub.com/x, HTTP, https://GitHub.com/x",
        "http://127.0.0.1:8080/a/b.git, HTTP, http://127.0.0.1:8080/a/b.git",
        "http://git_server:8080/r.git, HTTP, http://git_server:8080/r.git",
        "https://_a.b_c_/r, HTTP, https://_a.b_c_/r",
        "https://example.org.:/r, HTTP, https://example.org./r",
        "http://[::1]:8080/r, HTTP, http://[::1]:8080/r",
        "ssh://git@a_b/r, SSH, ssh://git@a_b/r",
        "git://a_b:9418/r, GIT, git://a_b:9418/r",
        "ssh://git@host:2222/~user/x.git, SSH, ssh://git@host:2222/~user/x.git",
        "git+ssh://host/x.git, SSH, git+ssh://host/x.git",
        "git@github.com:ocaml/opam-repository.git, SSH, git@github.com:ocaml/opam-repository.git",
        "host:x.git, SSH, host:x.git",
        "git://host/x.git, GIT, git://host/x.git",
        "file:///srv/a%20b.git, LOCAL, /srv/a b.git",
        "file:/srv/x.git, LOCAL, /srv/x.git",
        "/srv/x.git, LOCAL, /srv/x.git",
        "../data/opam-repository.bundle, LOCAL, ../data/opam-repository.bundle",
        "./a:b, LOCAL, ./a:b",
    })
    void an_address_is_read_as_git_reads_it(String text, Protocol protocol, String address) {
        GitRemote remote = GitRemote.parse(text);

        assertThat(remote.protocol()).isEqualTo(protocol);
        assertThat(remote.address()).isEqualTo(address);
        assertThat(remote.branch()).isEmpty();
        assertThat(remote.reference()).isEqualTo("HEAD");
    }

    @ParameterizedTest
    @CsvSource({
        "https://host/x.git#main, https://host/x.git, main",
        "git@host:x.git#feature/a, git@host:x.git, feature/a",
        "/srv/x.git#2.0, /srv/x.git, 2.0",
        "https://user:pass@host/x.git#main, https://host/x.git, main",
    })
    void a_branch_may_follow_the_address(String text, String address, String branch) {
        GitRemote remote = GitRemote.parse(text);

        assertThat(remote.address()).isEqualTo(address);
        assertThat(remote.branch()).contains(branch);
        assertThat(remote.reference()).isEqualTo("refs/heads/" + branch);
        assertThat(remote.display()).isEqualTo(address + "#" + branch);
        assertThat(GitRemote.parse(address).withBranch(branch).display()).isEqualTo(remote.display());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:s3cret@host/x.git",
                "https://user:s3cret@host:8443/x.git#main",
                "https://s3cret@host/x.git",
                "ssh://git:s3cret@host/x.git",
                "https://user:s3cret@a_b/r",
                "https://user:s3cret@a_b:8080/r",
            })
    void no_text_of_a_remote_shows_its_secrets(String text) {
        GitRemote remote = GitRemote.parse(text);

        assertThat(remote.login()).isPresent();
        assertThat(remote.display() + remote + remote.address() + remote.login())
                .doesNotContain("s3cret");
    }

    @Test
    void user_and_password_are_unescaped() {
        assertThat(GitRemote.parse("https://a%40b:p%3A+%2F@host/x").login()).contains(new Login("a@b", "p:+/"));
        assertThat(GitRemote.parse("https://token@host/x").login()).contains(new Login("token", ""));
        assertThat(GitRemote.parse("https://user:p%20w@a_b/r").login()).contains(new Login("user", "p w"));
        assertThat(GitRemote.parse("https://host/x").login()).isEqualTo(Optional.empty());
        // The example of RFC 7617.
        assertThat(new Login("Aladdin", "open sesame").basic()).isEqualTo("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "#main",
                "-oProxyCommand=evil",
                "--upload-pack=evil",
                "ext::sh -c evil",
                "fd::17",
                "transport::address",
                "ftp://host/x.git",
                "rsync://host/x.git",
                "javascript://host/x",
                "https:///x.git",
                "https://-host/x.git",
                "https://-host_/x.git",
                "https://host-_.-/x.git",
                "https://a..b_c/x.git",
                "https://a_b:port/x.git",
                "https://a_b:808080/x.git",
                "https://user@other@a_b/x.git",
                "https://_:8080:1/x.git",
                "https://:8080/x.git",
                "https://user@/x.git",
                "https://a_b,c/x.git",
                "https://a_b?x.git",
                "https://ho st/x.git",
                "file://host/srv/x.git",
                "file://?",
                "file:///srv/x.git?",
                "https://host/x.git?token=1",
                "https://host/x\ny",
            })
    void what_is_no_address_is_refused_with_the_remedy(String text) {
        assertThatThrownBy(() -> GitRemote.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Remedy: give an https, http, ssh, git or file URL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-x", "a..b", "a b", "x.lock", "a~1", "/a", "a//b"})
    void what_is_no_branch_is_refused_with_the_remedy(String branch) {
        assertThatThrownBy(() -> GitRemote.parse("https://host/x#" + branch))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Remedy: write the branch as Git shows it");
    }

    @Test
    void a_url_that_cannot_be_read_is_not_repeated() {
        assertThatThrownBy(() -> GitRemote.parse("https://user:s3cret@ho st/x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }
}
