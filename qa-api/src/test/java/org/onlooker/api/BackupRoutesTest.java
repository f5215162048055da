package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the calls refuse; {@code BackupTest} of the whole product makes and restores one. */
class BackupRoutesTest {
  private static final String PATH = "/api/v1/backups";
  private ServerFixture onlooker;

  @BeforeEach
  void start() throws Exception {
    onlooker = ServerFixture.start();
  }

  @AfterEach
  void stop() throws Exception {
    onlooker.close();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
      {}                         | "name" is missing
      {"name":7}                 | must be a string
      {"name":"a","to":"/tmp"}   | "to"
      {"name":"../a"}            | backup name "../a": use 1 to 64 of a-z
      {"name":""}                | backup name "": use 1 to 64 of a-z
      {"name":".unfinished-a"}   | a letter or digit first
      """)
  void create_whatCannotBe_isRefusedWithTheReason(String body, String reason) throws Exception {
    HttpResponse<String> reply = onlooker.post(PATH, body);
    assertThat(reply.statusCode()).isEqualTo(422);
    assertThat(ServerFixture.json(reply).at("/error/message").asText()).contains(reason);
  }

  @Test
  void create_ofAMemoryThatIsNotOnDisk_saysSoAndLeavesNothing() throws Exception {
    HttpResponse<String> reply = onlooker.post(PATH, "{\"name\":\"monday\"}");
    assertThat(reply.statusCode()).isEqualTo(503);
    assertThat(reply.body()).contains("this memory is not on disk");
    assertThat(onlooker.get(PATH).body()).isEqualTo("{\"backups\":[]}");
    assertThat(onlooker.backupsFolder).isEmptyDirectory();
  }

  @Test
  void restore_whatIsNotThere_isRefusedWithTheReason() throws Exception {
    HttpResponse<String> missing = onlooker.post(PATH + "/monday/restore", "{}");
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.body()).contains("there is no backup \\\"monday\\\"");
    assertThat(onlooker.post(PATH + "/monday/restore", "").statusCode()).isEqualTo(404);
    assertThat(onlooker.post(PATH + "/Monday/restore", "{}").statusCode()).isEqualTo(422);
    assertThat(onlooker.post(PATH + "/..%2F..%2Fetc/restore", "{}").statusCode())
        .isEqualTo(422);
    assertThat(onlooker.post(PATH + "/monday/restore", "{\"stream\":\"door\"}").statusCode())
        .isEqualTo(422);
  }
}
