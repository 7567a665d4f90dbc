/** A headless Chromium, driven over the DevTools protocol: what a reader of the report sees, without a driver package. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = "/usr/bin/chromium";

/** Why no browser can be started here; `null` when one can. HARDMATCH_REQUIRE_CHROMIUM makes it a failure. */
export function chromiumMissing(): string | null {
  if (existsSync(PROGRAM) || process.env.HARDMATCH_REQUIRE_CHROMIUM !== undefined) return null;
  return `${PROGRAM} is not installed`;
}

type Message = {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
};

export type Page = {
  send(method: string, params?: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  /** Value of an expression in the page. @throws {Error} The expression threw. */
  evaluate(expression: string): Promise<unknown>;
  /** Opens an address and waits for its load event. */
  open(address: string): Promise<void>;
  /** Everything written to the console, thrown or refused by the page's policy. */
  readonly complaints: string[];
  /** Addresses that were asked for, that of the page included. */
  readonly requests: string[];
  close(): Promise<void>;
};

const SWITCHES = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--remote-debugging-port=0",
];

/** Starts a browser with one empty page. @throws {Error} It cannot be started. */
export async function openPage(): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), "hardmatch-chromium-"));
  const browser = spawn(PROGRAM, [...SWITCHES, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => browser.once("close", () => resolve()));
  const close = async (): Promise<void> => {
    browser.kill();
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const socket = new WebSocket(await readAddress(browser));
    return await attach(socket, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** The browser says on stderr where it listens. */
function readAddress(browser: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    browser.once("error", reject);
    browser.once("exit", (code) => reject(new Error(`Chromium ended with ${code} before it listened`)));
    if (browser.stderr === null) return;
    createInterface(browser.stderr).on("line", (line) => {
      const address = /^DevTools listening on (ws:\S+)$/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
}

async function attach(socket: WebSocket, closeBrowser: () => Promise<void>): Promise<Page> {
  const waiting = new Map<number, (message: Message) => void>();
  const complaints: string[] = [];
  const requests: string[] = [];
  let loaded = (): void => undefined;
  let last = 0;
  let sessionId: string | undefined;

  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    const { method = "", params = {} } = message;
    if (method === "Page.loadEventFired") loaded();
    if (method === "Network.requestWillBeSent") requests.push((params.request as { url: string }).url);
    if (
      [
        "Runtime.consoleAPICalled",
        "Runtime.exceptionThrown",
        "Log.entryAdded",
        "Page.javascriptDialogOpening",
      ].includes(method)
    )
      complaints.push(JSON.stringify(message));
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", reject, { once: true });
  });

  const send: Page["send"] = (method, params = {}) => {
    last += 1;
    const id = last;
    return new Promise((resolve, reject) => {
      waiting.set(id, ({ result = {}, error }) => {
        waiting.delete(id);
        if (error === undefined) resolve(result);
        else reject(new Error(`${method}: ${error.message}`));
      });
      socket.send(JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) }));
    });
  };
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  sessionId = String((await send("Target.attachToTarget", { targetId, flatten: true })).sessionId);
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`);

  return {
    send,
    complaints,
    requests,
    async evaluate(expression) {
      const answer = await send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
      if (answer.exceptionDetails !== undefined) throw new Error(JSON.stringify(answer.exceptionDetails));
      return (answer.result as { value?: unknown }).value;
    },
    async open(address) {
      const load = new Promise<void>((resolve) => {
        loaded = resolve;
      });
      await send("Page.navigate", { url: address });
      await load;
    },
    async close() {
      socket.close();
      await closeBrowser();
    },
  };
}
