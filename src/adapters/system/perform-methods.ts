/** A port whose effects pass through one function. */
import type { Perform } from "../../ports/effects.ts";

/**
 * The same port, with the named methods performed as effects `<name>.<method>`; everything else is as it was.
 *
 * Methods keep the object that they belong to, so that one with private fields can be handed in.
 */
export function performMethods<Port extends object>(
  port: Port,
  { name, methods, perform }: { name: string; methods: readonly (keyof Port & string)[]; perform: Perform },
): Port {
  const performed: ReadonlySet<unknown> = new Set(methods);
  return new Proxy(port, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      const call = (...words: unknown[]): unknown => Reflect.apply(value, target, words);
      return performed.has(key)
        ? (...words: unknown[]) => perform(`${name}.${String(key)}`, () => call(...words))
        : call;
    },
  });
}
