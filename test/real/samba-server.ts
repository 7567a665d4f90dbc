/**
 * Samba's server process: started as a child, waited for, stopped.
 *
 * It runs with `--interactive`, because it then ends by itself when its stdin is closed: a test process that is killed
 * leaves no server behind. (`--foreground` alone keeps running.)
 *
 * Source: samba(8) of Samba 4.17, tried on Debian 12, 2026-11.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { lastLines } from "./run-program.ts";
import { findProgram } from "./samba-missing.ts";

const PORTS = [389, 636, 3268, 3269] as const;
const POLL_INTERVAL_MS = 50;
const MAX_POLLS = 1_200;
const STOP_LIMIT_MS = 10_000;

/** A domain controller that takes connections. */
export interface RunningServer {
  readonly child: ChildProcess;
  /** Settles when the server and all its workers have ended: they share its stderr, which closes with the last one. */
  readonly ended: Promise<void>;
}

/**
 * Starts the server and waits, for a minute at most, until it takes connections on the address's port 636.
 *
 * @throws {Error} It ended, or took no connection; the message holds the last lines that it printed. Nothing keeps running.
 */
export async function startServer(configFile: string, address: string): Promise<RunningServer> {
  const program = findProgram("samba") ?? "samba";
  const child = spawn(program, ["--interactive", "--no-process-group", `--configfile=${configFile}`], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const server = { child, ended: new Promise<void>((resolve) => child.once("close", () => resolve())) };
  let said = "";
  const keepWords = (chunk: Buffer) => {
    said = lastLines(said + chunk.toString());
  };
  child.stdout.on("data", keepWords);
  child.stderr.on("data", keepWords);
  child.on("error", (error) => {
    said += `\n${error.message}`;
  });
  for (let poll = 0; poll < MAX_POLLS; poll++) {
    if (hasEnded(child)) {
      await server.ended; // its last words may still be in the pipe
      throw new Error(`samba ended while starting, with ${child.exitCode ?? child.signalCode}:\n${said}`);
    }
    if (await takesConnections(address)) return server;
    await wait(POLL_INTERVAL_MS);
  }
  await stopServer(server);
  throw new Error(`samba took no connection on ${address}:636:\n${said}`);
}

/** Ends the server's first process, by its id; its workers end with it. May be called twice. */
export async function stopServer({ child, ended }: RunningServer): Promise<void> {
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
  await ended;
  clearTimeout(killer);
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

function takesConnections(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(636, address);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/**
 * Refuses an address on which something listens already: Samba would start all the same and serve nobody, and the test
 * would talk to the other server.
 *
 * @throws {Error} Names the address, the port and the reason.
 */
export async function refuseTakenPorts(address: string): Promise<void> {
  for (const port of PORTS) {
    const probe = createServer();
    try {
      await once(probe.listen(port, address), "listening");
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`a test domain needs ${address}:${port}, which is not free: ${reason}`, { cause: error });
    }
    await new Promise((resolve) => probe.close(resolve));
  }
}
