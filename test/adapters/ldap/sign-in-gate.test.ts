import { expect, test } from "vitest";
import { SignInGate } from "../../../src/adapters/ldap/sign-in-gate.ts";

test("SignInGate lets one sign-in through at a time, in the order in which they came", async () => {
  const gate = new SignInGate();
  const told: string[] = [];
  const first = Promise.withResolvers<void>();
  const signIn = (name: string, until: Promise<void> | undefined) =>
    gate.enter(async () => {
      told.push(`${name} in`);
      await until;
      told.push(`${name} out`);
    });
  const all = [signIn("ada", first.promise), signIn("ben", undefined)];
  first.resolve();
  await Promise.all(all);
  expect(told).toEqual(["ada in", "ada out", "ben in", "ben out"]);
});

test("SignInGate gives the first refusal to everybody behind it, and lets nobody in", async () => {
  const gate = new SignInGate();
  const refusal = new Error("wrong password");
  const tried: string[] = [];
  const first = gate.enter(async () => {
    tried.push("first");
    gate.refuse(refusal);
    throw refusal;
  });
  const second = gate.enter(async () => tried.push("second"));
  await expect(first).rejects.toBe(refusal);
  await expect(second).rejects.toBe(refusal);
  gate.refuse(new Error("another"));
  expect(() => gate.throwIfRefused()).toThrow(refusal);
  expect(tried).toEqual(["first"]);
});

test("SignInGate goes on after a failure that is no refusal, such as a server that cannot be reached", async () => {
  const gate = new SignInGate();
  await expect(gate.enter(() => Promise.reject(new Error("unreachable")))).rejects.toThrow("unreachable");
  expect(await gate.enter(async () => "signed in")).toBe("signed in");
});
