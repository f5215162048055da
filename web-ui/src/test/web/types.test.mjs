/** The page's scripts against their JSDoc types. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";

test("scripts_haveTheTypesTheySay", () => {
  const compiler = join(
    dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  const run = spawnSync(process.execPath, [compiler, "--project", import.meta.dirname], {
    encoding: "utf8",
  });

  assert.equal(run.status, 0, run.stdout + run.stderr);
});
