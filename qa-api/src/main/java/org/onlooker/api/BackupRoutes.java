package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import org.onlooker.core.Backups;

/** Backups: list, make, bring streams back. */
final class BackupRoutes {
  private static final String PATH = "/api/v1/backups";
  private static final int NAME_LENGTH_MAX = 64;
  private final Backups backups;
  private final Workers workers;

  BackupRoutes(Backups backups, Workers workers) {
    this.backups = backups;
    this.workers = workers;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(PATH, this::list),
        Endpoint.post(PATH, this::create),
        Endpoint.post(PATH + "/{name}/restore", this::restore));
  }

  private void list(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of());
    reply(ctx, 200, workers.run(backups::list).map(names -> texts("backups", names)));
  }

  private void create(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of());
    String name = name(ctx);
    reply(
        ctx,
        201,
        workers
            .run(() -> backups.create(name))
            .map(folder -> Json.object().put("name", name).put("folder", folder.toString())));
  }

  private void restore(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of());
    Replies.noFields(ctx);
    String name = ctx.pathParam("name");
    reply(
        ctx,
        200,
        workers
            .run(() -> backups.restore(name))
            .map(streams ->
                texts("streams", streams.stream().map(id -> id.value()).toList())));
  }

  private static String name(RoutingContext ctx) {
    Fields fields = Replies.fields(ctx);
    String name = fields.text("name", NAME_LENGTH_MAX);
    fields.end();
    return name;
  }

  private static ObjectNode texts(String field, List<String> values) {
    ObjectNode json = Json.object();
    ArrayNode array = json.putArray(field);
    values.forEach(array::add);
    return json;
  }

  private static void reply(RoutingContext ctx, int status, Future<ObjectNode> body) {
    body.onSuccess(json -> Replies.json(ctx, status, json)).onFailure(ctx::fail);
  }
}
