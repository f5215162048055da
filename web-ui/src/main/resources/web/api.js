/** REST, with failures as plain words. */

export class ApiError extends Error {
  constructor(status, { code, message, param }) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param;
  }
}

export async function call(method, path, body) {
  let reply;
  try {
    reply = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, { code: "unreachable", message: "Onlooker cannot be reached." });
  }
  if (!reply.ok) {
    throw await failure(reply);
  }
  return reply.status === 204 ? undefined : reply.json();
}

/** What a reply that is not a success says. */
export async function failure(reply) {
  try {
    return new ApiError(reply.status, (await reply.json()).error);
  } catch {
    return new ApiError(reply.status, {
      code: "unreadable",
      message: `Onlooker answered with status ${reply.status}.`,
    });
  }
}

export function streamPath(id) {
  return `/api/v1/streams/${encodeURIComponent(id)}`;
}
