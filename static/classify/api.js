// Calls to /api/v1. An answer is `{status, body, retryAfter}`; only a lost network or a time-out rejects.

const TIMEOUT = 20_000; // ms
const KEEPALIVE_LIMIT = 60_000; // bytes that browsers let outlive a page

export function cookie(name, text = document.cookie) {
  const pair = text.split("; ").find((each) => each.startsWith(`${name}=`));
  return pair ? decodeURIComponent(pair.slice(name.length + 1)) : "";
}

export function fill(template, values) {
  return Object.entries(values).reduce((url, [key, value]) => url.replace(`{${key}}`, encodeURIComponent(value)), template);
}

export function createApi(csrf) {
  async function call(method, url, body = undefined) {
    const headers = { Accept: "application/json" };
    const options = { method, headers, credentials: "same-origin", signal: AbortSignal.timeout(TIMEOUT) };
    if (method !== "GET") headers["X-CSRFToken"] = cookie("csrftoken") || csrf; // signing in changes the cookie
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      options.body = JSON.stringify(body);
      options.keepalive = options.body.length < KEEPALIVE_LIMIT;
    }
    const response = await fetch(url, options);
    const isJson = response.headers.get("Content-Type")?.includes("json");
    return {
      status: response.status,
      body: isJson ? await response.json() : null,
      retryAfter: Number(response.headers.get("Retry-After")) || null,
    };
  }
  return {
    get: (url) => call("GET", url),
    post: (url, body) => call("POST", url, body),
    put: (url) => call("PUT", url),
    delete: (url) => call("DELETE", url),
  };
}
