/** Tells which rejections nobody has handled: outside a test each of them would end the process. */

/** Waits for the promise to fail, and for as long as it takes Node to notice a rejection that nobody handles. */
export async function collectUnhandled(
  failing: Promise<unknown>,
): Promise<{ readonly error: unknown; readonly unhandled: readonly unknown[] }> {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown) => unhandled.push(reason);
  // The test runner's own listeners would report what this one is here to see.
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", listen);
  try {
    const error = await failing.then(
      () => null,
      (reason: unknown) => reason,
    );
    // Node looks after each round of microtasks; two turns of the event loop are past it.
    for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return { error, unhandled };
  } finally {
    process.removeListener("unhandledRejection", listen);
    for (const other of others) process.on("unhandledRejection", other);
  }
}
